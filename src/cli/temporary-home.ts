/** A home for one run of the listener: made for it, with one connector that takes anything, and gone with it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_CONNECTOR } from '../domain/test-connector.ts';
import { firstDocument } from '../store/first-use.ts';
import { freePort } from '../store/free-port.ts';
import { type Home, homeAt } from '../store/home.ts';

const ADDRESS = '127.0.0.1';

interface TemporaryHome {
  readonly home: Home;
  remove(): void;
}

/**
 * Its connector, Default, is on loopback: from anybody for anybody, kept in the Maildir, and nobody is slowed down.
 * @param port 0 for any that is free
 */
export async function temporaryHome(port: number): Promise<TemporaryHome> {
  const binding = `${ADDRESS}:${port || (await freePort(ADDRESS))}`;
  const home = homeAt(mkdtempSync(join(tmpdir(), 'rc-')));
  const first = firstDocument(new Date());
  const { Name: _, ...dates } = first.connectors[0]!;
  const connector = {
    Name: 'Default',
    ...dates,
    Bindings: [binding],
    RemoteIPRanges: undefined, // all
    ...TEST_CONNECTOR,
  };
  writeFileSync(home.store, JSON.stringify({ ...first, connectors: [connector] }, null, 2), { mode: 0o600 });
  return { home, remove: () => removeHome(home) };
}

/** @param home one that `temporaryHome` made, in this process or in the one that started it */
export function removeHome(home: Home): void {
  rmSync(home.folder, { recursive: true, force: true, maxRetries: 3 });
}
