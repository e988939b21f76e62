/**
 * Delivery to a next host while the client waits: its answer becomes ours. The message is spooled first (memory, then a file
 * without a name), so that a slow client holds no connection of the next host; it is never queued, so it cannot be lost.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parseSmartHost, readTransport } from '../../connector/transport.ts';
import { UNLIMITED } from '../../connector/value.ts';
import { printable } from '../../connector/value-error.ts';
import type { Envelope, LiveServer } from '../contract.ts';
import { type BodyForm, formOf } from './body-form.ts';
import { Content, MemoryBudget } from './content.ts';
import { EVENT, type FailureEvents } from './failure-events.ts';
import type { MailFiles } from './files.ts';
import { NextHostError, type NextHostSettings } from './next-host.ts';
import { type PoolLimits, RelayPool } from './relay-pool.ts';
import { type Cargo, NotBegun, type Passage, passOn } from './relay-transaction.ts';
import { NO_RESOURCES, type Outcome, type Route, type RouteMessage } from './route.ts';

/** No next host needs longer to greet; the rest of RelayTimeout is for the message. */
const CONNECT_MS = 30_000;

export interface RelayOptions {
  readonly folder: string;
  readonly files: MailFiles;
  readonly server: () => LiveServer;
  readonly failures: FailureEvents;
  readonly pool?: RelayPool;
}

interface Target {
  readonly next: NextHostSettings;
  readonly limits: PoolLimits;
  readonly timeoutMs: number;
}

export class Relay implements Route {
  readonly #options: RelayOptions;
  readonly #pool: RelayPool;
  readonly #budget = new MemoryBudget();

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#pool = options.pool ?? new RelayPool();
  }

  begin(envelope: Envelope): RouteMessage {
    const { files, folder } = this.#options;
    const inFolder: MailFiles = {
      ...files,
      create: async (path) => {
        await files.makeFolder(folder);
        return files.create(path);
      },
    };
    const content = new Content(inFolder, this.#budget, () => join(folder, randomUUID()), true);
    let received = '';
    let started = false;
    const start = () => {
      if (started) return;
      started = true;
      content.write(Buffer.from(received));
    };
    return {
      prepend: (header) => {
        received = header + received;
      },
      write: (chunk) => {
        start();
        return content.write(chunk);
      },
      commit: async () => {
        start();
        try {
          return await this.#commit(envelope, content);
        } finally {
          void content.release(true);
        }
      },
      abort: () => void content.release(true),
    };
  }

  async #commit(envelope: Envelope, content: Content): Promise<Outcome> {
    try {
      await content.settle();
    } catch (error) {
      return this.#failed(error as Error, 'spool', EVENT.mailNotStored, NO_RESOURCES);
    }
    const target = this.#target();
    if (!target) {
      const error = new Error('DeliveryMethod is Relay, but SmartHost is empty');
      return this.#failed(error, 'not configured', EVENT.nextHostNotConfigured, '451 4.3.5 No next host is configured');
    }
    let form: Promise<BodyForm> | undefined;
    const cargo: Cargo = {
      envelope,
      size: content.size,
      form: () => {
        form ??= formOf(content.read());
        return form;
      },
      bytes: () => content.read(),
    };
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), target.timeoutMs);
    try {
      return await this.#send(cargo, target, limit.signal);
    } catch (error) {
      const timedOut = limit.signal.aborted;
      const reply =
        error instanceof NextHostError
          ? error.reply
          : timedOut
            ? '451 4.4.1 Next host did not answer in time'
            : '451 4.4.2 Connection to the next host was lost';
      const code = error instanceof NextHostError ? error.reply.slice(4, 9) : timedOut ? '4.4.1' : '4.4.2';
      return this.#failed(error as Error, `next host ${code}`, EVENT.nextHostFailed, reply, target);
    } finally {
      clearTimeout(timer);
    }
  }

  #target(): Target | undefined {
    const server = this.#options.server();
    const t = readTransport(server.transport);
    const host = parseSmartHost(t.SmartHost);
    if (!host) return undefined;
    return {
      next: {
        ...host,
        tls: t.SmartHostTls,
        verify: t.SmartHostTlsVerify,
        user: t.SmartHostAuthUser,
        passwordFile: t.SmartHostPasswordFile,
        name: server.fqdn,
      },
      limits: {
        connections: t.MaxRelayConnections === UNLIMITED ? Number.POSITIVE_INFINITY : Number(t.MaxRelayConnections),
        idleMs: t.RelayIdleTimeout.seconds * 1000,
      },
      timeoutMs: t.RelayTimeout.seconds * 1000,
    };
  }

  /** One try; a second one, on a new connection, when a kept one turns out to be dead before the message was begun. */
  async #send(cargo: Cargo, target: Target, signal: AbortSignal): Promise<Outcome> {
    try {
      return await this.#try(cargo, target, signal, false);
    } catch (error) {
      if (!(error instanceof NotBegun)) throw error;
      return this.#try(cargo, target, signal, true);
    }
  }

  async #try(cargo: Cargo, { next, limits, timeoutMs }: Target, signal: AbortSignal, fresh: boolean): Promise<Outcome> {
    const channel = await this.#pool.take(next, limits, fresh, Math.min(CONNECT_MS, timeoutMs), signal);
    const stop = () => channel.destroy('the time for it is over');
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    let passage: Passage | undefined;
    try {
      passage = await passOn(channel, cargo);
      return { ...passage.outcome, where: `${next.host}:${next.port}` };
    } finally {
      signal.removeEventListener('abort', stop);
      this.#pool.give(channel, next, limits, passage?.reusable ?? false);
    }
  }

  #failed(error: Error, kind: string, id: number, reply: string, target?: Target): Outcome {
    const host = target ? `${target.next.host}:${target.next.port}` : '';
    this.#options.failures.report(`relay ${kind}`, {
      id,
      level: 'Error',
      message: `A message was not handed on${host && ` to ${host}`}: ${printable(error.message)}. The client was answered ${reply}`,
      data: { ...(host && { host }), reply },
    });
    return { ok: false, reply, ...(host && { where: host }) };
  }

  async close(): Promise<void> {
    this.#pool.close();
  }
}
