/** A connector in a worker: its limits and sessions are here, what it counts is told to the first process. */
import type { Connector } from '../../domain/connector.ts';
import { Gate } from '../admission/gate.ts';
import { LiveConnector } from '../admission/live-connector.ts';
import type { SessionCount } from '../contracts/session-counts.ts';
import type { Channel } from './channel.ts';

export class ToldConnector extends LiveConnector {
  readonly #channel: Channel;

  constructor(connector: Connector, channel: Channel) {
    super(connector.Guid, connector);
    this.#channel = channel;
  }

  override count(what: SessionCount, by?: number): void {
    this.#channel.countOf(this.guid, what, by);
  }

  override countAccepted(by?: number): void {
    this.#channel.countOf(this.guid, 'accepted', by);
  }

  override countRefusal(source: string, because: string, by?: number): void {
    this.#channel.refused(this.guid, source, because, by);
  }
}

/** The gate of a worker. */
export class ToldGate extends Gate {
  readonly #channel: Channel;

  constructor(authority: Gate['authority'], channel: Channel) {
    super(authority);
    this.#channel = channel;
  }

  override countUnmatched(address: string, by?: number): void {
    this.#channel.refused('', address, this.noConnector.cause, by);
  }
}
