/** Entry of the bundle dist/listener.cjs, which only `rc serve` loads. */
import type { Home } from '../store/home.ts';

export interface ServeOptions {
  readonly home: Home;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly firstRun?: boolean;
}

export async function serve(options: ServeOptions): Promise<number> {
  options.stderr.write('The listener is not part of this build yet.\n');
  return 1;
}
