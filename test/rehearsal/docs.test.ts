/** docs/why-refused.md shows what test/cli/transcripts/why.txt has really run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/rc.ts';

test('every transcript of docs/why-refused.md is one that runs', () => {
  const page = readFileSync(join(ROOT, 'docs/why-refused.md'), 'utf8');
  const run = readFileSync(join(ROOT, 'test/cli/transcripts/why.txt'), 'utf8').replaceAll(
    "NO_COLOR=1 terminal '' ",
    '',
  );
  const shown = [...page.matchAll(/^```\n(\$ [\s\S]*?)\n```$/gm)].map((m) => m[1]!);
  expect(shown.length).toBeGreaterThan(3);
  for (const text of shown) expect(run).toContain(text);
});
