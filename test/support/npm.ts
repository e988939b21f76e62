/** npm, which may need certificates of this machine to reach its registry: other tests run without them (test/vitest.config.ts). */
import { type Ran, run } from './rc.ts';

export function npm(args: readonly string[], cwd: string): Promise<Ran> {
  const env = { NODE_EXTRA_CA_CERTS: process.env.TEST_EXTRA_CA_CERTS };
  return run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env });
}
