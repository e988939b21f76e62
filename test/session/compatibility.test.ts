/** docs/compatibility.md against the catalogue, the reply table and the tests it names: nothing is missing, nothing is made up. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SETTING_NAMES, SETTINGS } from '../../src/domain/settings.ts';
import { REPLIES } from '../../src/listener/session/replies.ts';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/compatibility.md'), 'utf8');

const LINES = [...new Set(Object.values(REPLIES).map((reply) => reply.line))];

interface Row {
  readonly what: string;
  readonly how: string;
  readonly tests: readonly string[];
  /** Where Exchange says it: `R, 2013`, `D`, `L`; a dash for what is ours. */
  readonly source: string | undefined;
}

function rows(section: string): Row[] {
  const text = new RegExp(`## ${section}\\n([^]*?)(?:\\n## |$)`).exec(page)![1]!;
  return text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\| (?:---|setting|reply|:?-+)/.test(line))
    .map((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      return { what: cells[1]!, how: cells[2]!, tests: cells[4]!.split(/,\s*/), source: cells[5] };
    });
}

const settings = rows('Settings');
const replies = rows('Replies');

test('every setting has its row, in the catalogue’s order, and says of kept ones that they are', () => {
  expect(settings.map((row) => row.what)).toEqual([...SETTING_NAMES]);
  for (const row of settings) {
    const { acts, extension } = SETTINGS[row.what as keyof typeof SETTINGS];
    expect(row.how, row.what).toBe(
      acts !== 'yes' ? 'kept' : extension ? 'ours' : row.how === 'differs' ? 'differs' : 'as Exchange',
    );
  }
});

test('every row has its source, and the first version where the reference has it', () => {
  for (const row of settings) {
    if (row.how === 'ours') expect(row.source, row.what).toBe('—');
    else expect(row.source, row.what).toMatch(/^(?:R, )?20(?:10|13|16|19)\b/);
  }
  for (const row of replies) {
    if (row.how === 'ours') expect(row.source, row.what).toBe('—');
    else expect(row.source, row.what).toMatch(/^[ADLT](?:,|$)/);
  }
});

test('every reply in other words of Exchange 2019 stands on the page', () => {
  for (const reply of Object.values(REPLIES)) {
    const later = reply.in('Exchange2019');
    if (later !== reply) expect(page).toContain(`\`${later.line}\``);
  }
});

test('every reply has its row, and one only', () => {
  const texts = replies.map((row) => row.what.replaceAll('`', ''));
  const fixed = texts.filter((text) => LINES.includes(text));
  expect(fixed.toSorted()).toEqual(LINES.toSorted());
  expect(new Set(texts).size).toBe(texts.length);
  for (const row of replies) expect(['as Exchange', 'ours', 'differs']).toContain(row.how);
});

describe('the tests it names', () => {
  test.each([...settings, ...replies].map((row) => [row.what, row] as const))('%s', (_what, row) => {
    for (const name of row.tests) {
      const file = name.includes('/') ? join(ROOT, 'test', name) : join(ROOT, 'test/dialogues', `${name}.txt`);
      expect(existsSync(file), `${name} exists`).toBe(true);
    }
    // A fixed reply of a dialogue stands in it word for word.
    const text = row.what.replaceAll('`', '');
    if (!LINES.includes(text)) return;
    const sources = row.tests.map((name) =>
      readFileSync(name.includes('/') ? join(ROOT, 'test', name) : join(ROOT, 'test/dialogues', `${name}.txt`), 'utf8'),
    );
    expect(
      sources.some((source) => source.includes(text)),
      `${text} is in ${row.tests.join(', ')}`,
    ).toBe(true);
  });
});
