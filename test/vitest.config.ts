/** Tests: built `bin/rc` first, then every *.test.ts under test/. Nothing here has a time in its assertions; the timeouts only end what hangs. */
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { browserScript } from '../bin/bundle.mjs';

const root = join(import.meta.dirname, '..');

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
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    css: true, // `?raw` of a stylesheet is its text, not nothing
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What surrounds the developer must not change what tests see.
    env: { NO_COLOR: '', FORCE_COLOR: '', RC_OUTPUT: '', RC_HOME: '', COLUMNS: '', TZ: 'UTC', TERM: 'xterm-256color' },
  },
});
