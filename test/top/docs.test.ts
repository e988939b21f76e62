/** docs/top.md shows screens as they are, and names every state. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/rc.ts';

const page = readFileSync(join(ROOT, 'docs/top.md'), 'utf8');
const screenOf = (name: string) =>
  readFileSync(join(import.meta.dirname, 'frames', `${name}.txt`), 'utf8')
    .replace(/ *\|$/gm, '')
    .trimEnd();

test.each(['80x24', 'source'])('the screen %s is the one that is drawn', (name) => {
  expect(page).toContain(`\`\`\`text\n${screenOf(name)}\n\`\`\``);
});

test('the states of the help are those of the page', () => {
  const table = /^\| state .*\n(?:\|.*\n)+/m.exec(page)![0];
  const states = [...table.matchAll(/^\| `(\w+)`/gm)].map((row) => row[1]);
  const lines = screenOf('help').split('\n');
  const column = lines.find((line) => line.includes('STATE'))!.indexOf('STATE');
  const help = lines.flatMap((line) => /^(\w+) {2,}[^\s│]/.exec(line.slice(column))?.[1] ?? []);
  expect(states).toHaveLength(8);
  expect(states).toEqual(help);
});
