/** Where everything lives: `--home`, else $RC_HOME, else $XDG_DATA_HOME/rc, else ~/.local/share/rc. Folder 0700, files 0600. */
import { join, resolve } from 'node:path';

export interface Home {
  readonly folder: string;
  readonly store: string;
  /** Which store.json rc itself checked and wrote last. */
  readonly stamp: string;
  readonly history: string;
  /** The whole document as it was at one generation; the history goes on from it. */
  readonly base: string;
  readonly events: string;
  readonly lock: string;
  readonly control: string;
  readonly mail: string;
  readonly protocol: string;
  readonly tracking: string;
  readonly certificates: string;
  /** What lets a browser into the page, and which browsers are signed in. */
  readonly webToken: string;
  readonly webSessions: string;
}

export function homeAt(folder: string): Home {
  const at = (name: string) => join(folder, name);
  return {
    folder,
    store: at('store.json'),
    stamp: at('store.stamp'),
    history: at('history.ndjson'),
    base: at('history.base.json'),
    events: at('events.ndjson'),
    lock: at('store.lock'),
    control: at('control.sock'),
    mail: at('mail'),
    protocol: at('protocol'),
    tracking: at('tracking'),
    certificates: at('certificates'),
    webToken: at('web.token'),
    webSessions: at('web.sessions'),
  };
}

export function resolveHome(given: string | undefined, env: NodeJS.ProcessEnv): Home {
  const chosen =
    given ||
    env.RC_HOME ||
    (env.XDG_DATA_HOME
      ? join(env.XDG_DATA_HOME, 'rc')
      : join(process.getBuiltinModule('node:os').homedir(), '.local', 'share', 'rc'));
  return homeAt(resolve(chosen));
}
