/** What the control socket tells of a session. */
import { hostAndPort } from '../../text/bracketed.ts';
import { printable } from '../../text/printable.ts';
import type { Peer } from '../contracts/peer.ts';
import type { SessionInfo } from '../contracts/session-api.ts';
import type { ClientIdentity } from './client-identity.ts';

/** A session, as far as is told of it. */
interface Told {
  readonly id: string;
  readonly settings: { readonly Name: string };
  readonly peer: Peer;
  readonly startedAt: Date;
  readonly client: Pick<ClientIdentity, 'helo' | 'user' | 'tls'>;
  readonly messages: number;
  /** Over the wire so far. */
  readonly bytes: { readonly received: number; readonly sent: number };
  readonly doing: SessionInfo['state'];
}

export function sessionInfo({ id, settings, peer, startedAt, client, messages, bytes, doing }: Told): SessionInfo {
  return {
    id,
    connector: settings.Name,
    source: peer.remoteAddress,
    port: peer.remotePort,
    remote: hostAndPort(peer.remoteAddress, peer.remotePort),
    local: hostAndPort(peer.localAddress, peer.localPort),
    since: startedAt.toISOString(),
    tls: client.tls !== undefined,
    user: client.user,
    helo: printable(client.helo),
    state: doing,
    messages,
    bytes: bytes.received,
    bytesSent: bytes.sent,
  };
}
