// npm run bench [-- NAME…]: runs the benchmarks one after the other. Each prints figures and, where there is something to
// compare with, ratios against a baseline measured in the same run. Nothing here is a test: machines differ, ratios less so.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const wanted = process.argv.slice(2);
const all = fs
  .readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.mjs'))
  .sort();
const chosen = wanted.length ? all.filter((file) => wanted.some((name) => file.startsWith(name))) : all;
if (!chosen.length) {
  console.error(
    `No benchmark is called ${wanted.join(' ')}; there are: ${all.map((file) => file.replace('.bench.mjs', '')).join(', ')}`,
  );
  process.exit(2);
}
let failed = 0;
for (const file of chosen) {
  console.log(`\n== ${file.replace('.bench.mjs', '')}`);
  const { status } = spawnSync(process.execPath, [path.join(import.meta.dirname, file)], { stdio: 'inherit' });
  if (status !== 0) failed++;
}
process.exit(failed ? 1 : 0);
