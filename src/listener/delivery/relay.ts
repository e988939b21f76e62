/**
 * Delivery to a next host while the client waits: its answer becomes ours. The message is spooled first (memory, then a file
 * without a name), so that a slow client holds no connection of the next host; it is never queued, so it cannot be lost.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parseSmartHost, readTransport } from '../../domain/transport.ts';
import { UNLIMITED } from '../../domain/value.ts';
import { printable } from '../../domain/value-error.ts';
import type { Envelope, LiveServer, RecipientQuestion } from '../contract.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import { type BodyForm, formOf } from './body-form.ts';
import { Content } from './content.ts';
import { EVENT, type FailureEvents } from './failure-events.ts';
import type { MailFiles } from './files.ts';
import { NextHostError, type NextHostSettings } from './next-host.ts';
import { type PoolLimits, RelayPool } from './relay-pool.ts';
import { askAbout, type Cargo, NotBegun, passOn } from './relay-transaction.ts';
import { NO_RESOURCES, type Outcome, type Route, type RouteMessage } from './route.ts';
import type { SmtpChannel } from './smtp-channel.ts';

/** No next host needs longer to greet; the rest of RelayTimeout is for the message. */
const CONNECT_MS = 30_000;

/** A client waits for the answer to RCPT for 5 minutes (RFC 5321 section 4.5.3.2.3); a host that says nothing for this long says nothing. */
const CHECK_MS = 10_000;
/** How long a recipient that was taken is not asked about again, and how many are remembered. */
const REMEMBER_MS = 60_000;
const MOST_REMEMBERED = 10_000;
/** How long a next host that did not answer in time is left alone: a message for many recipients waits for it once, not once for each. */
const LEAVE_ALONE_MS = 30_000;

const SPOOLED = /^[0-9a-f-]{36}\.eml$/;

export interface RelayOptions {
  readonly folder: string;
  readonly files: MailFiles;
  readonly server: () => LiveServer;
  readonly failures: FailureEvents;
  readonly memory: MemoryBudget;
  readonly pool?: RelayPool;
  /** This process' part of the connections that all processes together may have. */
  readonly share?: (connections: number) => number;
}

interface Target {
  readonly next: NextHostSettings;
  readonly limits: PoolLimits;
  readonly timeoutMs: number;
}

export class Relay implements Route {
  readonly #options: RelayOptions;
  readonly #pool: RelayPool;
  readonly #swept: Promise<void>;
  /** Recipients that the next host took, with the time until when that is believed. */
  readonly #taken = new Map<string, number>();
  /** The next host that did not answer a question in time, and until when it is asked none. */
  #mute: { readonly next: string; readonly until: number } | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#pool = options.pool ?? new RelayPool();
    this.#swept = this.#sweep().catch(() => {}); // no spool yet, or one that a message will tell about
  }

  /** Removes what a process that died between making a spool file and taking its name away left behind. */
  async #sweep(): Promise<void> {
    const { files, folder } = this.#options;
    for (const name of await files.list(folder)) if (SPOOLED.test(name)) await files.unlink(join(folder, name));
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
    const content = new Content(inFolder, this.#options.memory, () => join(folder, `${randomUUID()}.eml`), true);
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

  /** The next host's refusal of a recipient. What it takes is remembered for a while; what it refuses is not, it may change its mind. */
  checkRecipient(question: RecipientQuestion): Promise<string | undefined> | undefined {
    const target = this.#target();
    if (!target || !readTransport(this.#options.server().transport).RelayRecipientCheck) return undefined;
    const next = JSON.stringify(target.next);
    if (this.#mute?.next === next && this.#mute.until > performance.now()) return undefined;
    const key = JSON.stringify([next, question.sender, question.recipient, question.smtpUtf8]);
    const known = this.#taken.get(key);
    if (known !== undefined && known > performance.now()) return undefined;
    return this.#ask(question, target, next, key);
  }

  async #ask(question: RecipientQuestion, target: Target, next: string, key: string): Promise<string | undefined> {
    if (/[\r\n\0]/.test(question.sender + question.recipient)) return undefined;
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), Math.min(CHECK_MS, target.timeoutMs));
    try {
      const refusal = await this.#exchange(
        target,
        limit.signal,
        (channel) => askAbout(channel, question),
        () => true,
      );
      if (refusal === undefined) this.#remember(key);
      return refusal;
    } catch {
      if (limit.signal.aborted) this.#mute = { next, until: performance.now() + LEAVE_ALONE_MS };
      return undefined; // it cannot say; the message will show
    } finally {
      clearTimeout(timer);
    }
  }

  #remember(key: string): void {
    if (this.#taken.size >= MOST_REMEMBERED) this.#taken.delete(this.#taken.keys().next().value!);
    this.#taken.delete(key);
    this.#taken.set(key, performance.now() + REMEMBER_MS);
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
    const { share = (all) => all } = this.#options;
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
        connections: share(
          t.MaxRelayConnections === UNLIMITED ? Number.POSITIVE_INFINITY : Number(t.MaxRelayConnections),
        ),
        idleMs: t.RelayIdleTimeout.seconds * 1000,
      },
      timeoutMs: t.RelayTimeout.seconds * 1000,
    };
  }

  async #send(cargo: Cargo, target: Target, signal: AbortSignal): Promise<Outcome> {
    const { outcome } = await this.#exchange(
      target,
      signal,
      (channel) => passOn(channel, cargo),
      (p) => p.reusable,
    );
    this.#mute = undefined; // it answers again
    return { ...outcome, where: `${target.next.host}:${target.next.port}` };
  }

  /** One try; a second one, on a new connection, when a kept one turns out to be dead before anything was begun. */
  async #exchange<T>(
    target: Target,
    signal: AbortSignal,
    exchange: (channel: SmtpChannel) => Promise<T>,
    reusable: (result: T) => boolean,
  ): Promise<T> {
    try {
      return await this.#use(target, signal, false, exchange, reusable);
    } catch (error) {
      if (!(error instanceof NotBegun)) throw error;
      return this.#use(target, signal, true, exchange, reusable);
    }
  }

  /** A connection for the time of an exchange; given back when it can be used again, else closed. */
  async #use<T>(
    { next, limits, timeoutMs }: Target,
    signal: AbortSignal,
    fresh: boolean,
    exchange: (channel: SmtpChannel) => Promise<T>,
    reusable: (result: T) => boolean,
  ): Promise<T> {
    const channel = await this.#pool.take(next, limits, fresh, Math.min(CONNECT_MS, timeoutMs), signal);
    const stop = () => channel.destroy('the time for it is over');
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    let good = false;
    try {
      const result = await exchange(channel);
      good = reusable(result);
      return result;
    } finally {
      signal.removeEventListener('abort', stop);
      this.#pool.give(channel, next, limits, good);
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
    await this.#swept;
    this.#pool.close();
  }
}
