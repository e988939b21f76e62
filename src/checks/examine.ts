/** Examines everything and gives what is found. */
import { existsSync } from 'node:fs';
import type { ListenerStatus } from '../control/listener-client.ts';
import { readTransport } from '../domain/transport.ts';
import { Draft } from '../store/draft.ts';
import type { Home } from '../store/home.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { tryBindings } from './bindings.ts';
import { brokenStore } from './broken-store.ts';
import { certificateFindings } from './certificates.ts';
import { historyFindings, modeFindings, ownerFindings } from './files.ts';
import type { CheckFinding, CheckInput } from './finding.ts';
import { diskFindings, folderFindings, foldersOf } from './folders.ts';
import { limitFindings } from './limits.ts';
import { isRunning, listenerFinding, lookAtListener } from './listener.ts';
import { nextHostFindings } from './next-host.ts';
import { rangeFindings } from './ranges.ts';
import { relayFindings } from './relays.ts';

/** How long the next host may take to answer the connection. */
const CONNECT_MS = 5000;

/** @param fix mends file modes */
export async function examine(store: Store, now: Date, fix: boolean): Promise<CheckFinding[]> {
  const { home } = store;
  const seen = await lookAtListener(home);
  const running = isRunning(seen) ? seen : undefined;
  try {
    const { document } = store.snapshot();
    const files = fileFindings(home, fix);
    const draft = new Draft(document);
    const connectors = document.connectors.map((stored) => draft.connector(stored));
    const input: CheckInput = { document, connectors, transport: readTransport(document.transport) };
    const { transport } = input;
    const known = running ? [...running.bound, ...running.failed].map(({ binding }) => binding) : [];
    return [
      ...files,
      ...folderFindings(foldersOf(connectors, home, transport)),
      ...historyFindings(store.generations()),
      ...relayFindings(input),
      ...(await tryBindings(connectors, known, 'Warning')).findings,
      ...rangeFindings(input),
      ...limitFindings(input),
      ...certificateFindings(connectors, home.certificates, now),
      ...(await nextHostFindings(connectors, transport, CONNECT_MS)),
      ...listenerFindings(seen, document.generation),
    ];
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const files = existsSync(home.folder) ? fileFindings(home, fix) : [];
    return [brokenStore(home, error.message), ...files, ...listenerFindings(seen, undefined)];
  }
}

function fileFindings(home: Home, fix: boolean): CheckFinding[] {
  return [...modeFindings(home, fix), ...ownerFindings(home), ...diskFindings(home)];
}

function listenerFindings(seen: ListenerStatus | CheckFinding | undefined, wanted: number | undefined): CheckFinding[] {
  if (seen === undefined) return [listenerFinding('Warning', 'no listener runs: nobody takes mail', ['rc serve'])];
  if (!isRunning(seen)) return [seen];
  const findings = seen.failed.map(({ binding, connectors, code, advice }) => {
    const about = `${binding} (${connectors.join(', ')})`;
    return { ...listenerFinding('Error', `is not open: ${code}`, [advice || 'rc get-listener']), about };
  });
  if (seen.lastError)
    findings.push(listenerFinding('Error', `goes on with old settings: ${seen.lastError}`, ['rc validate']));
  else if (wanted !== undefined && seen.generation.applied < wanted)
    findings.push(
      listenerFinding('Warning', `has generation ${seen.generation.applied}, and the store is at ${wanted}`, [
        'rc reload',
      ]),
    );
  return findings;
}
