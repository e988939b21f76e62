/** docs/language.md, "What is not": every construct is refused before anything runs, with its line and what to write instead. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scene } from './scene.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/language.md'), 'utf8');
const table = /\| not part of the language \| what it says \|\n\|[-|]+\n((?:\|.*\n)+)/.exec(page)?.[1] ?? '';
const ROWS = table
  .trimEnd()
  .split('\n')
  .map((row) => /^\| `(.*)` \| (.*) \|$/.exec(row)!)
  .map(([, text, instead]) => [text!.replaceAll('\\|', '|'), instead!] as const);

test('are many', () => expect(ROWS.length).toBeGreaterThan(30));

test.each(ROWS)('%s: %s', async (text, instead) => {
  const told = await scene().run(`"before"\n${text}`);
  expect(told).toMatchObject({ code: 2, out: [], errors: [] });
  expect(told.complaint).toMatch(/^Line \|\n {3}2 \| /m);
  expect(told.complaint).toContain(instead);
});

test('all that stand in a text are named in one message', async () => {
  const told = await scene().run(
    ROWS.slice(0, 9)
      .map(([text]) => text)
      .join('\n'),
  );
  for (const [, instead] of ROWS.slice(0, 9)) expect(told.complaint).toContain(instead);
});
