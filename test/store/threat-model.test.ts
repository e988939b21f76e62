/** docs/security.md names the tests that show what it says: they are there, under these names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const rows = page.split('\n').filter((line) => /^\| .*\|$/.test(line) && !/^\| (?:is kept from|---)/.test(line));
const threats = rows.filter((row) => row.split('|').length === 5);

/** The files a row names, each with the titles behind it. */
function named(row: string): { file: string; titles: string[] }[] {
  return row
    .split('`test/')
    .slice(1)
    .map((part) => ({
      file: `test/${part.slice(0, part.indexOf('`'))}`,
      titles: [...part.matchAll(/\u201c([^\u201d]+)\u201d/g)].map((m) => m[1]!),
    }));
}

test('six actors, each with what it is kept from', () => {
  expect(page.match(/^### /gm)).toHaveLength(6);
  expect(threats.length).toBeGreaterThan(30);
});

test.each(threats.map((row) => [row.split('|')[1]!.trim(), row] as const))('%s', (_, row) => {
  const tests = named(row);
  expect(tests.length).toBeGreaterThan(0);
  for (const { file, titles } of tests) {
    const text = readFileSync(join(root, file), 'utf8');
    expect(titles.length, file).toBeGreaterThan(0);
    for (const title of titles) {
      if (title.endsWith('.txt'))
        readFileSync(join(root, 'test/dialogues', title)); // a dialogue is a test of this file
      else
        expect(
          [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) => text.includes(quoted)),
          title,
        ).toBe(true);
    }
  }
});
