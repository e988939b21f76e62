/** docs/events.md has a row for every event id in the listener's sources, and none that does not exist. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;

test('the table of events is complete', () => {
  const ids = new Set<string>();
  for (const entry of readdirSync(join(root, 'src/listener'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = readFileSync(join(entry.parentPath, entry.name), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    for (const [id] of source.matchAll(
      /(?<![\d.])(?:10(?:09|12|20|21|35)|1500[4-7]|17[1-9]\d\d|170[0-9][0-9])(?![\d_])/g,
    ))
      ids.add(id);
  }
  const rows = [...readFileSync(join(root, 'docs/events.md'), 'utf8').matchAll(/^\| (\d+) +\|/gm)].map((m) => m[1]!);
  expect(rows).toEqual([...ids].sort((a, b) => Number(a) - Number(b)));
});
