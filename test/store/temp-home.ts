/** A home of its own for each test, removed afterwards. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { StoredConnector } from '../../src/domain/connector.ts';
import type { HistoryEntry } from '../../src/store/history-entry.ts';
import { type Home, homeAt } from '../../src/store/home.ts';
import { Store } from '../../src/store/store.ts';

/** `quick`: in memory, for tests that write thousands of times and are not about the disk. */
export function tempHome({ quick = false } = {}): Home {
  const folder = mkdtempSync(join(quick && existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'rc-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return homeAt(join(folder, 'home'));
}

export const ME = { user: 'alice', command: 'rc test' };

/** Sets settings of the connector at an index (default the first), as one commit. */
export function setting(store: Store, settings: Record<string, unknown>, index = 0, author = ME): number {
  const transaction = store.begin();
  transaction.change((draft) => {
    const old = draft.document.connectors[index]!;
    const next = { ...old, ...settings } as Record<string, unknown>;
    for (const key in next) if (next[key] === undefined) delete next[key];
    draft.putConnector(next as unknown as StoredConnector);
  });
  return transaction.commit(author).generation;
}

export function historyOf(home: Home): HistoryEntry[] {
  return readFileSync(home.history, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as HistoryEntry);
}

export function openStore(home: Home = tempHome()): Store {
  const store = new Store(home);
  store.read();
  return store;
}
