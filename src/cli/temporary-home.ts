/** A home for one run of the listener: made for it, with one connector that takes anything, and gone with it. */
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_CONNECTOR } from '../domain/test-connector.ts';
import { firstDocument } from '../store/first-use.ts';
import { freePort } from '../store/free-port.ts';
import { type Home, homeAt } from '../store/home.ts';
import { readOwn } from '../store/home-files.ts';
import { fateOf } from '../store/lock.ts';
import { Store } from '../store/store.ts';

const ADDRESS = '127.0.0.1';
const PREFIX = 'rc-temporary-';

interface TemporaryHome {
  readonly home: Home;
  remove(): void;
}

/**
 * Its connector, Default, is on loopback: from anybody for anybody, kept in the Maildir, and nobody is slowed down. It is
 * what first use makes of this home, with the history that first use has.
 * @param port 0 for any that is free
 */
export async function temporaryHome(port: number): Promise<TemporaryHome> {
  const binding = `${ADDRESS}:${port || (await freePort(ADDRESS))}`;
  removeAbandoned();
  const home = homeAt(mkdtempSync(join(tmpdir(), PREFIX)));
  const store = new Store(home);
  store.first = (now) => {
    const document = firstDocument(now);
    const { Name: _, PermissionGroups: __, ...made } = document.connectors[0]!;
    return { ...document, connectors: [{ Name: 'Default', ...made, ...TEST_CONNECTOR, Bindings: [binding] }] };
  };
  store.read();
  return { home, remove: () => removeHome(home) };
}

/** @param home one that `temporaryHome` made, in this process or in the one that started it */
export function removeHome(home: Home): void {
  rmSync(home.folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Homes of ours whose listener was killed. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    try {
      if (lstatSync(folder).uid !== (process.geteuid?.() ?? 0)) continue;
      if (fateOf(JSON.parse(readOwn(join(folder, 'listener.pid')))) === 'gone') removeHome(homeAt(folder));
    } catch {} // one that begins or ends this moment
  }
}
