/** The two ends of a connection. */

/** A client that passed the gate. Addresses are canonical text; IPv4-mapped IPv6 is IPv4; PROXY headers are already applied. */
export interface Peer {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
}
