// npm run soak: the faults of test/faults, harder and longer, with figures. SOAK_SECONDS (default 300) bounds the whole run;
// `npm run soak -- writers` runs only some parts: writers, kills, mail, disk. Exit code 1 when anything was lost.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-soak-'));
const outfile = path.join(folder, 'soak.mjs');
await build({
  entryPoints: [path.join(import.meta.dirname, 'soak.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['file:*'],
  logLevel: 'error',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  plugins: [
    {
      // The sources find one another by their own folders, also in the bundle.
      name: 'own folders',
      setup: ({ onLoad }) =>
        onLoad({ filter: /\/test\/.*\.ts$/ }, ({ path: file }) => ({
          loader: 'ts',
          contents: fs
            .readFileSync(file, 'utf8')
            .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file)))
            .replaceAll("from 'esbuild'", `from ${JSON.stringify(import.meta.resolve('esbuild'))}`),
        })),
    },
  ],
});
const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
fs.rmSync(folder, { recursive: true, force: true });
process.exit(status ?? 1);
