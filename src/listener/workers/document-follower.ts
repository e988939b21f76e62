/** A worker follows the documents that the first process has found good: what changed is read, one after the other. */
import { setImmediate } from 'node:timers/promises';
import { type Connector, readConnector, type StoredConnector } from '../../domain/connector.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { DocumentMessage } from './messages.ts';

/** Connectors read before the event loop gets a turn: a few milliseconds. */
const BATCH = 25;

/** All of it at once: sessions that run between two steps see the one before or the next. */
type Apply = (server: LiveServer, connectors: readonly Connector[]) => void;

export class DocumentFollower {
  readonly #apply: Apply;
  /** By Guid, in no order. */
  readonly #connectors = new Map<string, Connector>();
  #following: Promise<void> | undefined;

  constructor(apply: Apply) {
    this.#apply = apply;
  }

  /** Runs when the documents told so far act: at once, when they do. */
  whenFollowed(act: () => void): void {
    if (this.#following) this.#following.then(act, () => {});
    else act();
  }

  /** @throws (the promise rejects) when it cannot be read, though the first process has found it good */
  follow(message: DocumentMessage): Promise<void> {
    const before = this.#following;
    const following = (async () => {
      await before;
      await this.#follow(message);
    })();
    this.#following = following;
    const done = () => {
      if (this.#following === following) this.#following = undefined;
    };
    following.then(done, done);
    return following;
  }

  async #follow({ server, changed, removed }: DocumentMessage): Promise<void> {
    const site = { server: server.name, fqdn: server.fqdn };
    const read: Connector[] = [];
    for (const stored of JSON.parse(changed) as StoredConnector[]) {
      if (read.length % BATCH === BATCH - 1) await setImmediate();
      read.push(
        readConnector(stored, site, (key, problem) => {
          throw new Error(`connector "${stored.Name}" ${key}: ${problem}`);
        }),
      );
    }
    for (const connector of read) this.#connectors.set(connector.Guid, connector);
    for (const guid of removed) this.#connectors.delete(guid);
    this.#apply(server, [...this.#connectors.values()]);
  }
}
