/**
 * The way in: from a socket that a listening socket accepted to a session, or to a refusal. Front ends that are trusted say
 * first who the client is; then the gate decides.
 */
import type { Socket } from 'node:net';
import { settingsFor } from '../../domain/override.ts';
import { unmapped } from '../../domain/selection.ts';
import type { IpRange } from '../../domain/value.ts';
import type { Peer } from '../contracts/peer.ts';
import type { Session, StartSession } from '../contracts/session-api.ts';
import type { SessionServices } from '../contracts/session-services.ts';
import { EVENTS } from '../records/event-table.ts';
import type { RefusalThrottle } from '../records/event-throttle.ts';
import { REPLIES } from '../session/replies.ts';
import type { Gate, Verdict } from './gate.ts';
import type { LiveConnector } from './live-connector.ts';
import { isTrusted, readProxyHeader } from './proxy.ts';
import { Refusals } from './refused-sockets.ts';

interface AdmissionOptions {
  readonly gate: Gate;
  readonly throttle: RefusalThrottle;
  readonly startSession: StartSession;
  readonly services: SessionServices;
  readonly proxyTimeoutMs: number;
  /** The last connection of a connector is gone. */
  readonly onEmpty: (connector: LiveConnector) => void;
}

const REPLY_OF = {
  connector: REPLIES.tooManyConnections,
  source: REPLIES.tooManyOfSource,
  percentage: REPLIES.tooManyOfSource,
  rate: REPLIES.serviceNotAvailable,
  sourceRate: REPLIES.serviceNotAvailable,
} as const;

export class ConnectionAdmission {
  /** ProxyProtocolTrustedSources, as last applied. */
  trusted: readonly IpRange[] = [];
  readonly #options: AdmissionOptions;
  readonly #refusals = new Refusals();
  /** Sockets whose PROXY header is being read. */
  readonly #unread = new Set<Socket>();
  /** Sockets about which somebody is being asked. */
  readonly #asked = new Set<Socket>();
  #closed = false;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Refuses whoever still comes. */
  shut(): void {
    this.#closed = true;
    for (const socket of this.#unread) socket.destroy();
  }

  /** Ends refused sockets that linger, and those that still wait for a verdict. */
  close(): void {
    for (const socket of this.#asked) socket.destroy();
    this.#refusals.close();
  }

  /** Takes a socket from a listening one. */
  accept(socket: Socket, binding: string): void {
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    if (
      remoteAddress === undefined ||
      remotePort === undefined ||
      localAddress === undefined ||
      localPort === undefined
    ) {
      socket.destroy(); // gone before we came to it
      return;
    }
    const peer: Peer = {
      remoteAddress: unmapped(remoteAddress),
      remotePort,
      localAddress: unmapped(localAddress),
      localPort,
    };
    if (this.trusted.length && isTrusted(this.trusted, peer.remoteAddress)) void this.#unwrap(socket, peer, binding);
    else this.#admit(socket, peer, binding);
  }

  /** A trusted front end: who the client is comes first, in the PROXY header. */
  async #unwrap(socket: Socket, peer: Peer, binding: string): Promise<void> {
    const ignore = () => {};
    socket.on('error', ignore);
    this.#unread.add(socket);
    const header = await readProxyHeader(socket, this.#options.proxyTimeoutMs);
    this.#unread.delete(socket);
    if (!header.ok) {
      socket.destroy();
      const { remoteAddress } = peer;
      this.#options.throttle.count(`proxy ${binding} ${remoteAddress}`, () =>
        EVENTS.badProxyHeader(binding, remoteAddress, header.reason),
      );
      return;
    }
    // The local end stays the socket's own: bindings are about it, and the address a client spoke to may be the front end's.
    const { client } = header;
    this.#admit(socket, client ? { ...peer, remoteAddress: client.address, remotePort: client.port } : peer, binding);
    socket.off('error', ignore);
  }

  #admit(socket: Socket, peer: Peer, binding: string): void {
    if (this.#closed) {
      this.#refusals.refuse(socket, REPLIES.serviceNotAvailable);
      return;
    }
    const address = peer.remoteAddress;
    const verdict = this.#options.gate.admit(peer.localAddress, peer.localPort, address);
    if (verdict instanceof Promise) void this.#await(socket, peer, binding, verdict);
    else this.#follow(socket, peer, binding, verdict);
  }

  /** Somebody else counts too: nothing is read from the client until the verdict is there. */
  async #await(socket: Socket, peer: Peer, binding: string, verdict: Promise<Verdict>): Promise<void> {
    const ignore = () => {};
    socket.on('error', ignore);
    this.#asked.add(socket);
    const known = await verdict;
    this.#asked.delete(socket);
    const { localAddress, localPort, remoteAddress } = peer;
    const { gate } = this.#options;
    // Settings may have changed meanwhile: whoever would come to another connector now is judged by that one.
    const moved = known.kind !== 'none' && !gate.isStill(known.connector, localAddress, localPort, remoteAddress);
    if (known.kind === 'accepted' && (socket.destroyed || this.#closed || moved)) {
      gate.leave(known.connector, known.source);
      if (known.connector.open === 0) this.#options.onEmpty(known.connector);
    }
    if (!socket.destroyed && (moved || this.#closed)) this.#admit(socket, peer, binding);
    else if (!socket.destroyed) this.#follow(socket, peer, binding, known);
    socket.off('error', ignore);
  }

  #follow(socket: Socket, peer: Peer, binding: string, verdict: Verdict): void {
    const address = peer.remoteAddress;
    if (verdict.kind === 'none') {
      this.#refusals.refuse(socket, REPLIES.serviceNotAvailable);
      this.#options.throttle.count(`none ${binding} ${address}`, () => EVENTS.noConnector(binding, address));
      return;
    }
    const { connector, kind, source } = verdict;
    const limit = 'limit' in verdict ? verdict.limit : 0;
    if (kind === 'accepted') {
      this.#start(socket, connector, peer, source);
      return;
    }
    this.#refusals.refuse(socket, REPLY_OF[kind].in(connector.now.ReplyDialect));
    this.#options.throttle.count(
      kind === 'connector' ? `full ${connector.guid}` : `${kind} ${connector.guid} ${source}`,
      () => {
        const { Name, MaxInboundConnection, MaxInboundConnectionPerSource, MaxInboundConnectionPercentagePerSource } =
          settingsFor(connector.now, source);
        if (kind === 'connector') return EVENTS.connectorLimit(Name, address, MaxInboundConnection);
        if (kind === 'source') return EVENTS.sourceLimit(Name, address, MaxInboundConnectionPerSource);
        if (kind === 'rate') return EVENTS.connectionRate(Name, address, limit, 'MaxConnectionRatePerMinute');
        if (kind === 'sourceRate')
          return EVENTS.connectionRate(Name, address, limit, 'MaxInboundConnectionRatePerSource');
        return EVENTS.percentageLimit(Name, address, MaxInboundConnectionPercentagePerSource, limit);
      },
    );
  }

  #start(socket: Socket, connector: LiveConnector, peer: Peer, source: string): void {
    let session: Session | undefined;
    let ended = false;
    const onEnd = () => {
      if (ended) return;
      ended = true;
      this.#options.gate.leave(connector, source);
      if (session) connector.sessions.delete(session);
      if (connector.open > 0) return;
      this.#options.onEmpty(connector);
    };
    socket.once('close', onEnd);
    try {
      session = this.#options.startSession(socket, connector, peer, this.#options.services, onEnd);
      if (!ended) connector.sessions.add(session);
    } catch (error) {
      socket.on('error', () => {});
      socket.destroy();
      const reason = (error as Error).message;
      this.#options.throttle.count(`failed ${connector.guid} ${reason}`, () =>
        EVENTS.sessionFailed(connector.now.Name, peer.remoteAddress, reason),
      );
    }
  }
}
