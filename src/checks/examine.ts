/** Examines everything and gives what is found. */
import { existsSync } from 'node:fs';
import type { ListenerStatus } from '../control/listener-client.ts';
import type { Connector } from '../domain/connector.ts';
import type { Site } from '../domain/setting.ts';
import { readTransport } from '../domain/transport.ts';
import type { StoreDocument } from '../store/document.ts';
import { Draft } from '../store/draft.ts';
import { aloneOf } from '../store/organization.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { shellWord } from '../text/shell-word.ts';
import { defaultDomainFindings } from './accepted-domains.ts';
import { tryBindings } from './bindings.ts';
import { brokenStore } from './broken-store.ts';
import { certificateFindings } from './certificates.ts';
import { historyFindings, modeFindings, ownerFindings } from './files.ts';
import type { CheckFinding, CheckInput } from './finding.ts';
import { diskFindings, folderFindings, foldersOf, inodeFindings, isMailAtHome, roomFindings } from './folders.ts';
import { limitFindings } from './limits.ts';
import { isRunning, listenerFinding, lookAtListener } from './listener.ts';
import { nextHostFindings } from './next-host.ts';
import { overrideFindings } from './overrides.ts';
import { pressureFindings, toldOnce } from './pressure.ts';
import { rangeFindings } from './ranges.ts';
import { relayFindings } from './relays.ts';
import { senderFindings } from './senders.ts';
import { temporaryFindings } from './temporary.ts';
import { userFindings } from './users.ts';

/**
 * @param fix mends file modes
 * @param onServers only these; without it this machine is looked at whole, and of the other servers what their settings tell
 */
export async function examine(
  store: Store,
  now: Date,
  fix: boolean,
  onServers?: readonly Site[],
): Promise<CheckFinding[]> {
  const { home } = store;
  const seen = await lookAtListener(home);
  const running = isRunning(seen) ? seen : undefined;
  try {
    const { document } = store.snapshot();
    const draft = new Draft(document);
    const sites = onServers ?? draft.servers.all;
    const isHere = ({ server }: Site) => draft.servers.isOwn({ Server: server });
    const elsewhere = sites.filter((site) => !isHere(site)).flatMap(({ server }) => settingFindings(document, server));
    if (!sites.some(isHere)) return elsewhere;
    const files = [...modeFindings(home, fix), ...ownerFindings(home), ...inodeFindings(home)];
    const connectors = draft.own.map((stored) => draft.connector(stored));
    const input: CheckInput = { document, connectors, transport: readTransport(document.transport) };
    const { transport } = input;
    const pressure = await pressureFindings(home, transport, running?.pressure);
    const known = running ? [...running.bound, ...running.failed].map(({ binding }) => binding) : [];
    return [
      ...files,
      ...folderFindings(foldersOf(connectors, home, transport)),
      ...historyFindings(store.generations()),
      ...relayFindings(input),
      ...senderFindings(input),
      ...defaultDomainFindings(document),
      ...userFindings(document),
      ...(await tryBindings(connectors, known, 'Warning')).findings,
      ...rangeFindings(input),
      ...limitFindings(input),
      ...overrideFindings(input),
      ...temporaryFindings(document, now),
      ...certificateFindings(connectors, home.certificates, now),
      ...(await nextHostFindings(connectors, transport)),
      ...(isMailAtHome(home) ? toldOnce(roomFindings(home), pressure) : [...roomFindings(home), ...pressure]),
      ...listenerFindings(seen, document.generation),
      ...elsewhere,
    ];
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const files = existsSync(home.folder)
      ? [...modeFindings(home, fix), ...ownerFindings(home), ...diskFindings(home)]
      : [];
    return [brokenStore(home, error), ...files, ...listenerFindings(seen, undefined, error.message)];
  }
}

/** What the settings of another server's connectors tell; its files, sockets and certificates only its own machine sees. */
export function settingFindings(document: StoreDocument, server: string): CheckFinding[] {
  const alone = aloneOf(document, server)!;
  const draft = new Draft(alone);
  // named so that what is to be typed means them from here too
  const connectors = alone.connectors.map((stored): Connector => {
    const connector = draft.connector(stored);
    return { ...connector, Name: connector.Identity };
  });
  const input: CheckInput = { document: alone, connectors, transport: readTransport(alone.transport) };
  const findings = [relayFindings, senderFindings, rangeFindings, limitFindings].flatMap((look) => look(input));
  return findings.map((finding) => ({
    ...finding,
    mend: finding.mend.map((command) => command.replace(/^rc set-transport-service(?= )/, `$& ${shellWord(server)}`)),
  }));
}

/** @param told what is wrong with the store, where that is a finding of its own */
function listenerFindings(
  seen: ListenerStatus | CheckFinding | undefined,
  wanted: number | undefined,
  told?: string,
): CheckFinding[] {
  if (seen === undefined) return [listenerFinding('Warning', 'no listener runs: nobody takes mail', ['rc serve'])];
  if (!isRunning(seen)) return [seen];
  const findings = seen.failed.map(({ binding, connectors, code, advice }) => {
    const about = `${binding} (${connectors.join(', ')})`;
    return { ...listenerFinding('Error', `is not open: ${code}`, [advice || 'rc get-listener']), about };
  });
  if (seen.lastError || told !== undefined) {
    const why = seen.lastError === told || !seen.lastError ? '' : `: ${seen.lastError}`;
    const problem = `goes on with generation ${seen.generation.applied}, the last good one${why}`;
    findings.push(listenerFinding('Error', problem, told === undefined ? ['rc validate'] : []));
  }
  if (!seen.lastError && wanted !== undefined && seen.generation.applied < wanted)
    findings.push(
      listenerFinding('Warning', `has generation ${seen.generation.applied}, and the store is at ${wanted}`, [
        'rc reload',
      ]),
    );
  return findings;
}
