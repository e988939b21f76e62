/**
 * Every case of cases/*.ndjson run here, against what PowerShell 7.6.9 made of it when it was recorded (`npm run oracle`). A case
 * that differs by a rule of docs/language.md holds what we make of it too, so that the difference stays the one that is told.
 */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tempFolder } from '../support/temp-home.ts';
import { differences } from './answer.ts';
import { readCases, subjects } from './cases.ts';
import { type Ours, ours } from './ours.ts';
import { RULES } from './random/texts.ts';

const folder = path.join(import.meta.dirname, 'cases');
const zone = process.env.TZ;
let we: Ours;
beforeAll(() => {
  process.env.TZ = 'Europe/Berlin'; // as it was when the cases were recorded
  we = ours(tempFolder('oracle'));
});
afterAll(() => {
  process.env.TZ = zone;
});

describe.each(subjects(folder))('%s', (subject) => {
  test('is as PowerShell has it', async () => {
    const found: string[] = [];
    for (const one of readCases(folder, subject)) {
      if (!one.pwsh) found.push(`${one.text}\n    is not recorded: npm run oracle`);
      else if (!one.open) {
        const told = await we.run(one);
        const lines = differences((one.rule ? one.ours : one.pwsh) ?? {}, told);
        if (lines.length) found.push([one.text, ...lines].join('\n    '));
      }
    }
    expect(found.join('\n')).toBe('');
  });
});

describe('the rules of docs/language.md', () => {
  const page = fs.readFileSync(path.join(import.meta.dirname, '../../docs/language.md'), 'utf8');
  const cases = subjects(folder).flatMap((subject) => readCases(folder, subject));
  const table = /\| rule \| shown by \|\n\|[-|]+\n((?:\|.*\n)+)/.exec(page)?.[1] ?? '';
  const rows = table.trimEnd().split('\n');

  test('have a row for each rule that a case differs by', () => {
    const rules = new Set(cases.flatMap((one) => one.rule ?? []));
    for (const rule of rules)
      expect(
        rows.filter((row) => row.includes(rule)),
        rule,
      ).toHaveLength(1);
    for (const { rule } of RULES) expect(page, rule).toContain(rule);
  });

  test.each(rows)('%s is shown by the case it names', (row) => {
    const id = /\(([a-z-]+\/[a-z-]+)\) \|$/.exec(row)?.[1];
    const shown = cases.filter((one) => one.id === id);
    expect(shown).toHaveLength(1);
    expect(row).toContain(shown[0]!.rule);
  });
});

test('there are thousands of cases, and none that is to be mended', () => {
  const cases = subjects(folder).flatMap((subject) => readCases(folder, subject));
  expect(cases.length).toBeGreaterThan(3000);
  expect(cases.filter((one) => one.open).map((one) => one.text)).toEqual([]);
});
