// npm run soak: the faults of test/faults, harder and longer, with figures. SOAK_SECONDS (default 300) bounds the whole run;
// `npm run soak -- writers` runs only some parts: writers, kills, mail, disk; `-- fleet [seconds] [seed]` a fleet's random
// schedule (test/fleet/schedule.test.ts). Exit code 1 when anything was lost.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const [part, seconds = '120', seed = String(Date.now() % 100_000)] = process.argv.slice(2);
if (part === 'fleet') {
  const root = path.resolve(import.meta.dirname, '../..');
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--config', 'test/vitest.config.ts', 'test/fleet/schedule.test.ts'];
  const env = { ...process.env, FLEET_SECONDS: seconds, FLEET_SEED: seed };
  process.exit(spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1);
}

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
