/** Where everything lives: `--home`, else $RC_HOME, else $XDG_DATA_HOME/rc, else ~/.local/share/rc. Folder 0700, files 0600. */

import { isAbsolute, join, resolve, sep } from 'node:path';
import { tried } from '../text/tried.ts';
import { StoreError } from './store-error.ts';

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
  /** What lets a program into the API. */
  readonly apiToken: string;
  /** Which fleet the home is in; there only when it is in one. */
  readonly fleet: string;
  /** What opens the fleet's engine. */
  readonly fleetPassword: string;
}

export function homeAt(folder: string): Home {
  const base = folder.endsWith(sep) ? folder : folder + sep;
  const at = (name: string) => base + name; // `join` seventeen times is a part of every start
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
    apiToken: at('api.token'),
    fleet: at('fleet.json'),
    fleetPassword: at('fleet.password'),
  };
}

/** @throws StoreError when nothing says where */
export function resolveHome(given: string | undefined, env: NodeJS.ProcessEnv): Home {
  return homeAt(resolve(given || env.RC_HOME || usualFolder(env)));
}

/** Where a home is when nobody says. XDG_DATA_HOME counts when it is absolute (XDG Base Directory Specification). */
function usualFolder(env: NodeJS.ProcessEnv): string {
  if (env.XDG_DATA_HOME && isAbsolute(env.XDG_DATA_HOME)) return join(env.XDG_DATA_HOME, 'rc');
  const user = (process.platform === 'win32' ? undefined : env.HOME) || passwdHome();
  if (user && isAbsolute(user)) return join(user, '.local', 'share', 'rc');
  throw new StoreError(
    'missing',
    'There is no HOME, and the user this runs as has no home folder either, so rc does not know where its store is. Say it: --home FOLDER, or RC_HOME=FOLDER',
  );
}

/** The user's folder by /etc/passwd; a container's random uid has none. */
function passwdHome(): string | undefined {
  return tried(() => process.getBuiltinModule('node:os').userInfo().homedir);
}
