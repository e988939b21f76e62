/** Tests: built `bin/rc` first, then every *.test.ts under test/. Nothing here has a time in its assertions; the timeouts only end what hangs. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { browserScript } from '../bin/bundle.mjs';
import { LongestFirst } from './support/longest-first.ts';
import { SecondTries } from './support/second-tries.ts';

const root = join(import.meta.dirname, '..');

// Node reads these certificates at every start, and then starts three times as long; tests start some thousands. npm may need them
// (test/support/npm.ts), nothing else does.
process.env.TEST_EXTRA_CA_CERTS ??= process.env.NODE_EXTRA_CA_CERTS ?? '';
delete process.env.NODE_EXTRA_CA_CERTS;

/** The page's scripts as `npm run build` makes them. */
const pageScript = {
  name: 'page script',
  enforce: 'pre' as const,
  async load(id: string) {
    if (!id.endsWith('?script')) return undefined;
    return `export default ${JSON.stringify(await browserScript(root, id.slice(0, -'?script'.length)))}`;
  },
};

export default defineConfig({
  plugins: [pageScript],
  resolve: {
    alias: process.env.CI
      ? [{ find: /^fast-check$/, replacement: join(import.meta.dirname, 'support/seeded.ts') }]
      : [],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    css: true, // `?raw` of a stylesheet is its text, not nothing
    pool: 'forks',
    // Two more than cores: many tests wait for a listener, a client or a clock (docs/decisions/0283-test-time.md and 0330).
    maxWorkers: Math.min(availableParallelism() + 2, 4),
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Some thousand processes on a few cores: what met the machine at a bad moment is tried once more, and told (decision 0330).
    retry: process.env.CI ? 1 : 0,
    reporters: [new SecondTries(), 'default'],
    // What surrounds the developer must not change what tests see.
    env: { NO_COLOR: '', FORCE_COLOR: '', RC_OUTPUT: '', RC_HOME: '', COLUMNS: '', TZ: 'UTC', TERM: 'xterm-256color' },
  },
});
