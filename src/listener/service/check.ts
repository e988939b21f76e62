/**
 * `rc serve --check`: could the listener start as it is told? It reads the store as the listener does, opens the bindings for
 * a moment, loads the certificates, looks into the folders and at the next host. It makes and changes nothing.
 */
import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tryBindings } from '../../checks/bindings.ts';
import { brokenStore } from '../../checks/broken-store.ts';
import { certificateFindings, usableCertificates } from '../../checks/certificates.ts';
import { deliveryMethods } from '../../checks/delivery-methods.ts';
import type { CheckFinding } from '../../checks/finding.ts';
import { diskFindings, folderFindings, foldersOf } from '../../checks/folders.ts';
import { isRunning, listenerFinding, lookAtListener } from '../../checks/listener.ts';
import { nextHostFindings } from '../../checks/next-host.ts';
import type { ListenerStatus } from '../../control/listener-client.ts';
import type { Connector } from '../../domain/connector.ts';
import type { Severity } from '../../domain/finding.ts';
import { readTransport, type Transport } from '../../domain/transport.ts';
import type { Binding } from '../../domain/value.ts';
import { namesOf } from '../../domain/wanted-bindings.ts';
import { firstDocument } from '../../store/first-use.ts';
import type { Home } from '../../store/home.ts';
import { readStoreLater } from '../../store/home-files-later.ts';
import { DocumentReader, type LiveDocument } from '../follow/live-document.ts';

interface CheckOptions {
  readonly home: Home;
  /** Addresses that flags name, `ip:port`, by flag. */
  readonly addresses?: Readonly<Record<string, Binding | undefined>>;
}

/** All findings, in the order in which a start meets them; what is as it should be is Information. */
export async function* check(options: CheckOptions): AsyncGenerator<CheckFinding> {
  const { home, addresses = {} } = options;
  const now = new Date();
  const running = yield* theListener(home);
  const live = yield* theStore(home, now);
  if (!live) return;
  const { document } = live;
  const connectors = live.connectors.filter((connector) => connector.Enabled);
  const transport = readTransport(document.transport);
  yield* theBindings(connectors, running);
  if (!running) yield* theFlags(addresses); // the one that runs may have them
  const inUse = connectors.filter(({ AuthMechanism }) => AuthMechanism.has('Tls'));
  yield* certificateFindings(inUse, home.certificates, now);
  for (const file of usableCertificates(inUse, home.certificates, now)) yield fine('Certificates', file, 'can be used');
  yield* theFolders(connectors, home, transport);
  yield* theNextHost(connectors, transport);
}

const finding = (
  severity: Severity,
  check: string,
  about: string,
  problem: string,
  ...mend: string[]
): CheckFinding => ({ severity, check, about, problem, mend });

const fine = (check: string, about: string, what: string) => finding('Information', check, about, what);

async function* theListener(home: Home): AsyncGenerator<CheckFinding, ListenerStatus | undefined> {
  const seen = await lookAtListener(home);
  if (isRunning(seen)) {
    yield listenerFinding('Information', `one runs on this home (process ${seen.pid}); what it holds counts as free`);
    return seen;
  }
  if (seen) yield seen;
  return undefined;
}

async function* theStore(home: Home, now: Date): AsyncGenerator<CheckFinding, LiveDocument | undefined> {
  let text: Buffer;
  try {
    text = await readStoreLater(home.store);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') {
      yield finding('Error', 'Store', home.store, `cannot be read (${message})`, 'run it as the owner of the home');
      return undefined;
    }
    if (statSync(home.stamp, { throwIfNoEntry: false })) {
      yield finding('Error', 'Store', home.store, 'is gone', 'bring it back: rc restore');
      return undefined;
    }
    yield fine('Store', home.store, 'is not there yet; the first start makes it, on loopback only');
    text = Buffer.from(JSON.stringify(firstDocument(now)));
  }
  try {
    const live = await new DocumentReader(home.store).read(text);
    const enabled = live.connectors.filter((connector) => connector.Enabled).length;
    const { generation } = live.document;
    yield fine(
      'Store',
      home.store,
      `generation ${generation}, ${live.connectors.length} connector(s), ${enabled} enabled`,
    );
    if (!enabled)
      yield finding(
        'Warning',
        'Store',
        home.store,
        'no connector is enabled, so nothing is listened on',
        'rc set NAME --enabled true',
      );
    return live;
  } catch (error) {
    yield brokenStore(home, error as Error);
    return undefined;
  }
}

async function* theBindings(
  connectors: readonly Connector[],
  running: ListenerStatus | undefined,
): AsyncGenerator<CheckFinding> {
  const { held, free, findings } = await tryBindings(
    connectors,
    running?.bound.map(({ binding }) => binding) ?? [],
    'Error',
  );
  for (const { binding, connectors: names } of held)
    yield fine('Bindings', `${binding}`, `the running listener has it, for ${namesOf(names)}`);
  for (const { binding, connectors: names } of free)
    yield fine('Bindings', `${binding}`, `can be opened for ${namesOf(names)}`);
  yield* findings;
}

async function* theFlags(addresses: Readonly<Record<string, Binding | undefined>>): AsyncGenerator<CheckFinding> {
  for (const [flag, address] of Object.entries(addresses)) {
    if (address === undefined) continue;
    const problem = await new Promise<string | undefined>((resolve) => {
      const server = createServer((socket) => socket.destroy());
      server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      server.listen({ host: address.address, port: address.port }, () => server.close(() => resolve(undefined)));
    });
    yield problem
      ? finding(
          'Error',
          'Flags',
          flag,
          `${address} cannot be opened (${problem})`,
          `give another: ${flag} ADDRESS:PORT`,
        )
      : fine('Flags', flag, `${address} can be opened`);
  }
}

function* theFolders(connectors: readonly Connector[], home: Home, transport: Transport): Generator<CheckFinding> {
  const folders = foldersOf(connectors, home, transport);
  const bad = folderFindings(folders);
  yield* bad;
  if (!bad.length) yield fine('Folders', home.folder, `${[...folders.keys()].join(', ')} can be written`);
  yield* diskFindings(home);
}

async function* theNextHost(connectors: readonly Connector[], transport: Transport): AsyncGenerator<CheckFinding> {
  const findings = await nextHostFindings(connectors, transport);
  yield* findings;
  if (!findings.length && transport.SmartHost && deliveryMethods(connectors, transport).has('Relay'))
    yield fine('NextHost', transport.SmartHost, 'takes connections');
}
