// npm run oracle: asks PowerShell 7.6.9 about every case again, records what it says, and shows what changed and where we differ.
//   npm run oracle -- check              records nothing; ends with 1 when PowerShell says anything else than is recorded, or we differ
//   npm run oracle -- open               records, and marks where we differ as open: known, and to be mended
//   npm run oracle -- local [SUBJECT…]   we against the recording, without PowerShell
//   npm run oracle -- ask TEXT…          both answers to texts
//   npm run oracle -- SUBJECT…           only these files of cases/
//   npm run oracle -- random COUNT SEED  random expressions and pipelines, at both
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

process.env.TZ = 'Europe/Berlin'; // a place with a summer time: local and universal time are not the same
const here = import.meta.dirname;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-oracle-'));
try {
  const outfile = path.join(folder, 'oracle.mjs');
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  await build({
    entryPoints: [path.join(here, 'commands.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    banner,
    logLevel: 'error',
    external: ['vitest'],
  });
  const { main } = await import(pathToFileURL(outfile));
  process.exitCode = await main(process.argv.slice(2), here, folder);
} finally {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
