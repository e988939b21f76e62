/** What `rc top` is asked for, and what of the process it is handed. */
import type { SessionStatus } from '../control/listener-client.ts';
import type { Home } from '../store/home.ts';
import type { News } from './follow.ts';
import type { Glyphs } from './glyphs.ts';

export interface TopOptions {
  readonly home: Home;
  /** The server's name, asked when a listener is seen for the first time and after each restart. */
  server(): string;
  readonly everyMs: number;
  /** Looks, until `signal` ends them: of this home's listener, or of several servers'. */
  follow(signal: AbortSignal): AsyncGenerator<News>;
  /** Sessions of all who are looked at; `undefined` when nobody can be asked. */
  sessions(): Promise<readonly SessionStatus[] | undefined>;
  readonly sort?: string | undefined;
  readonly filter?: string | undefined;
  readonly wanted?: ((name: string, guid: string) => boolean) | undefined;
  /** Writes to standard output; throws when nobody reads it any more. */
  write(text: string): void;
  readonly glyphs: Glyphs;
}
