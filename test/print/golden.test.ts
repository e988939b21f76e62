/** Tables, lists and wide views as PowerShell lays them out; each golden file says where its rules were checked. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { THREE } from './scene.ts';
import { output, readCases, writeCases } from './transcript.ts';

const folder = join(import.meta.dirname, 'golden');
const home = mkdtempSync(join(tmpdir(), 'rc-golden-'));
afterAll(() => rmSync(home, { recursive: true }));

for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt'))) {
  const file = join(folder, name);
  const cases = readCases(file);
  if (process.env.GOLDEN === 'write') {
    test(`${name} is written anew`, async () => {
      const outputs: string[][] = [];
      for (const one of cases) outputs.push(await output(one, home, THREE));
      writeCases(file, cases, outputs);
    });
    continue;
  }
  describe(name, () => {
    test.each(cases)('$command', async (one) => {
      expect((await output(one, home, THREE)).join('\n')).toBe(one.output.join('\n'));
    });
  });
}
