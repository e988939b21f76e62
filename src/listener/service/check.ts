/**
 * `rc serve --check`: could the listener start as it is told? It reads the store as the listener does, opens the bindings for
 * a moment, loads the certificates, looks into the folders and at the next host. It makes and changes nothing.
 */
import { accessSync, constants, readFileSync, statfsSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import {
  CLIENT_CA,
  certificatesFor,
  certificatesNamed,
  limitOf,
  readCertificates,
  whyNotNamed,
} from '../../certificates/certificate-folder.ts';
import { type ListenerStatus, listenerStatus } from '../../control/listener-client.ts';
import type { Connector } from '../../domain/connector.ts';
import { parseSmartHost, readTransport, type Transport } from '../../domain/transport.ts';
import { firstDocument } from '../../store/first-use.ts';
import type { Home } from '../../store/home.ts';
import { coveredBy, namesOf, wantedBindings } from '../admission/bindings.ts';
import { ListeningSockets } from '../admission/listening-sockets.ts';
import { DocumentReader, type LiveDocument } from '../follow/live-document.ts';

export interface Finding {
  /** An error keeps it from starting, or from doing what a connector says; a warning does not. */
  readonly severity: 'ok' | 'warning' | 'error';
  readonly about: 'listener' | 'store' | 'binding' | 'flag' | 'certificate' | 'folder' | 'delivery';
  readonly text: string;
}

export interface CheckOptions {
  readonly home: Home;
  /** Addresses that flags name, `ip:port`, by flag. */
  readonly addresses?: Readonly<Record<string, string | undefined>>;
  readonly clock?: () => Date;
  /** How long the next host may take to answer the connection. */
  readonly connectMs?: number;
}

/** All findings, in the order in which a start meets them. */
export async function* check(options: CheckOptions): AsyncGenerator<Finding> {
  const { home, addresses = {}, clock = () => new Date(), connectMs = 5000 } = options;
  const running = yield* theListener(home);
  const live = yield* theStore(home, clock());
  if (!live) return;
  const { connectors, document } = live;
  const enabled = connectors.filter((connector) => connector.Enabled);
  const transport = readTransport(document.transport);
  yield* theBindings(enabled, running);
  if (!running) yield* theFlags(addresses); // the one that runs may have them
  yield* theCertificates(enabled, home, clock());
  yield* theFolders(enabled, home, transport);
  yield* theNextHost(enabled, transport, connectMs);
}

const finding = (severity: Finding['severity'], about: Finding['about'], text: string): Finding => ({
  severity,
  about,
  text,
});

async function* theListener(home: Home): AsyncGenerator<Finding, ListenerStatus | undefined> {
  try {
    const status = await listenerStatus(home);
    if (status)
      yield finding('ok', 'listener', `one runs on this home (process ${status.pid}); what it holds counts as free`);
    return status;
  } catch (error) {
    yield finding(
      'error',
      'listener',
      `${(error as Error).message} Look at it, or end it: cat ${join(home.folder, 'listener.pid')}`,
    );
    return undefined;
  }
}

async function* theStore(home: Home, now: Date): AsyncGenerator<Finding, LiveDocument | undefined> {
  let text: Buffer;
  try {
    text = readFileSync(home.store);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') {
      yield finding('error', 'store', `${home.store} cannot be read (${message}); run it as the owner of the home`);
      return undefined;
    }
    if (statSync(home.stamp, { throwIfNoEntry: false })) {
      yield finding('error', 'store', `${home.store} is gone; bring it back: rc restore`);
      return undefined;
    }
    yield finding('ok', 'store', `${home.store} is not there yet; the first start makes it, on loopback only`);
    text = Buffer.from(JSON.stringify(firstDocument(now)));
  }
  try {
    const live = await new DocumentReader(home.store).read(text);
    const enabled = live.connectors.filter((connector) => connector.Enabled).length;
    const { generation } = live.document;
    yield finding(
      'ok',
      'store',
      `generation ${generation}, ${live.connectors.length} connector(s), ${enabled} enabled`,
    );
    if (!enabled)
      yield finding(
        'warning',
        'store',
        'no connector is enabled, so nothing is listened on: rc set NAME --enabled true',
      );
    return live;
  } catch (error) {
    yield finding(
      'error',
      'store',
      `${(error as Error).message} See every place with: rc validate; go back with: rc restore`,
    );
    return undefined;
  }
}

async function* theBindings(
  enabled: readonly Connector[],
  running: ListenerStatus | undefined,
): AsyncGenerator<Finding> {
  const wanted = wantedBindings(enabled);
  const held = new Map(running?.bound.map(({ binding }) => [binding, true]));
  for (const [key, want] of wanted) {
    if (!held.has(key) && !coveredBy(want.binding, held)) continue;
    wanted.delete(key);
    yield finding('ok', 'binding', `${key} for ${namesOf(want.connectors)}: the running listener has it`);
  }
  const silent = { write: () => {}, close: async () => {} };
  const sockets = new ListeningSockets(silent, (socket) => socket.destroy());
  try {
    await sockets.follow(wanted, true);
    for (const { binding, connectors } of sockets.bound)
      yield finding('ok', 'binding', `${binding} for ${namesOf(connectors)} can be opened`);
    for (const { binding, connectors, advice } of sockets.failed)
      yield finding('error', 'binding', `${binding} for ${namesOf(connectors)}: ${advice}`);
  } finally {
    sockets.close();
  }
}

async function* theFlags(addresses: Readonly<Record<string, string | undefined>>): AsyncGenerator<Finding> {
  for (const [flag, address] of Object.entries(addresses)) {
    if (address === undefined) continue;
    const problem = await new Promise<string | undefined>((resolve) => {
      const at = address.lastIndexOf(':');
      const server = createServer((socket) => socket.destroy());
      server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      server.listen({ host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) }, () =>
        server.close(() => resolve(undefined)),
      );
    });
    yield problem
      ? finding(
          'error',
          'flag',
          `${flag}: ${address} cannot be opened (${problem}); give another: ${flag} ADDRESS:PORT`,
        )
      : finding('ok', 'flag', `${flag}: ${address} can be opened`);
  }
}

function* theCertificates(enabled: readonly Connector[], home: Home, now: Date): Generator<Finding> {
  const read = readCertificates(home.certificates);
  for (const { file, reason } of read.problems)
    yield finding('warning', 'certificate', `${join(home.certificates, file)} cannot be used: ${reason}`);
  const told = new Set<string>();
  for (const connector of enabled.filter(({ AuthMechanism }) => AuthMechanism.has('Tls'))) {
    const { Name, Fqdn, TlsCertificateName: name, DomainSecureEnabled } = connector;
    const findings: Finding[] = [];
    if (DomainSecureEnabled && read.clientCa === undefined)
      findings.push(
        finding(
          'warning',
          'certificate',
          `'${Name}' asks partners for certificates, but there is no ${join(home.certificates, CLIENT_CA)} that can be used`,
        ),
      );
    const found = name ? certificatesNamed(read, name, now) : certificatesFor(read, Fqdn, now);
    if (!found.length)
      findings.push(
        name
          ? finding(
              'error',
              'certificate',
              `'${Name}' names ${name}, which ${whyNotNamed(read, name)}; mend that, or: rc set "${Name}" --tls-certificate-name ""`,
            )
          : finding(
              'warning',
              'certificate',
              `none for ${Fqdn} in ${home.certificates}; a self-signed one will be made. Put one there as ${Fqdn}.pem`,
            ),
      );
    for (const one of found) {
      const file = join(home.certificates, one.file);
      const limit = limitOf(one, now);
      findings.push(
        limit
          ? finding('warning', 'certificate', `${file} ${limit}; put a renewed one in its place`)
          : finding('ok', 'certificate', `${file} can be used`),
      );
    }
    for (const one of findings) {
      if (!told.has(one.text)) yield one;
      told.add(one.text);
    }
  }
}

/** Little enough that mail will soon be answered 452. */
const LOW_BYTES = 100 * 1024 ** 2;

function* theFolders(enabled: readonly Connector[], home: Home, transport: Transport): Generator<Finding> {
  const methods = methodsOf(enabled, transport);
  const folders = new Map<string, string>([['the home', home.folder]]);
  if (methods.has('Maildir'))
    for (const part of ['tmp', 'new', 'cur']) folders.set(`mail (${part})`, join(home.mail, part));
  if (methods.has('Relay')) folders.set('the spool', join(home.folder, 'spool'));
  if (enabled.some(({ ProtocolLoggingLevel }) => ProtocolLoggingLevel === 'Verbose'))
    folders.set('the protocol log', transport.ReceiveProtocolLogPath || home.protocol);
  if (transport.MessageTrackingLogEnabled)
    folders.set('the message tracking log', transport.MessageTrackingLogPath || home.tracking);
  const bad = [...folders].flatMap(([what, folder]) => {
    const problem = unwritable(folder);
    return problem
      ? [finding('error', 'folder', `${what}: ${folder} ${problem}; the listener must own it: chown, chmod 700`)]
      : [];
  });
  yield* bad;
  if (!bad.length) yield finding('ok', 'folder', `${[...folders.keys()].join(', ')} can be written`);
  const { bavail, bsize } = statfsSync(standing(home.folder));
  if (bavail * bsize < LOW_BYTES)
    yield finding(
      'warning',
      'folder',
      `only ${Math.floor((bavail * bsize) / 1024 ** 2)} MB are free; without room mail is answered 452. Make room: du -sh ${home.folder}/*`,
    );
}

/** The folder itself, or the file or folder in which it would be made. */
function standing(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    try {
      if (statSync(at, { throwIfNoEntry: false }) || at === dirname(at)) return at;
    } catch {} // a part of the path is no folder
  }
}

function unwritable(folder: string): string | undefined {
  try {
    const at = standing(folder);
    if (!statSync(at).isDirectory()) return at === folder ? 'is no folder' : `cannot be made, for ${at} is no folder`;
    accessSync(at, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return `cannot be written (${(error as NodeJS.ErrnoException).code})`;
  }
}

function methodsOf(enabled: readonly Connector[], transport: Transport): Set<string> {
  return new Set(enabled.map(({ DeliveryMethod: own }) => (own === 'Default' ? transport.DeliveryMethod : own)));
}

async function* theNextHost(
  enabled: readonly Connector[],
  transport: Transport,
  connectMs: number,
): AsyncGenerator<Finding> {
  if (!methodsOf(enabled, transport).has('Relay')) return;
  const next = parseSmartHost(transport.SmartHost);
  if (!next) {
    yield finding(
      'error',
      'delivery',
      'Relay is wanted, but no next host is set: rc set-transport-service --smart-host HOST:25',
    );
    return;
  }
  const { SmartHostPasswordFile: file } = transport;
  if (file) {
    try {
      if (!readFileSync(file, 'utf8').trim()) throw new Error('it is empty');
    } catch (error) {
      yield finding(
        'error',
        'delivery',
        `the password for the next host cannot be read from ${file}: ${(error as Error).message}`,
      );
    }
  }
  const problem = await unreachable(next, connectMs);
  yield problem
    ? finding(
        'warning',
        'delivery',
        `the next host ${transport.SmartHost} ${problem}; until it does, mail is answered 451. Try: nc -vz ${next.host} ${next.port}`,
      )
    : finding('ok', 'delivery', `the next host ${transport.SmartHost} takes connections`);
}

function unreachable({ host, port }: { host: string; port: number }, ms: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ms });
    const end = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end(`did not answer within ${ms / 1000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(`does not take connections (${error.code ?? error.message})`),
    );
  });
}
