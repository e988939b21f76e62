/**
 * Delivery to a next host while the client waits: its answer becomes ours. The message is spooled first (memory, then a file
 * without a name), so that a slow client holds no connection of the next host; it is never queued, so it cannot be lost.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fault } from '../../domain/cause.ts';
import type { Connector } from '../../domain/connector.ts';
import { readTransport } from '../../domain/transport.ts';
import { UNLIMITED } from '../../domain/value.ts';
import { printable } from '../../text/printable.ts';
import type { Envelope, RecipientCheck, TransactionSender } from '../contracts/delivery-api.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { RelayPlaces } from '../contracts/relay-places.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import type { Refusal } from '../refusal/refusal.ts';
import { passedOn, type Rejection } from '../refusal/reply.ts';
import { type BodyForm, formOf } from './body-form.ts';
import { Content } from './content.ts';
import { EVENT, type FailureEvents } from './failure-events.ts';
import type { MailFiles } from './files.ts';
import { NextHostError, type NextHostSettings } from './next-host.ts';
import { LOST, NO_ROOM, NOT_IN_TIME, RecipientInquiry } from './recipient-inquiry.ts';
import { type PoolLimits, RelayPool } from './relay-pool.ts';
import { type Cargo, NotBegun, passOn, type Verdict } from './relay-transaction.ts';
import { NO_RESOURCES, type Outcome, type Route, type RouteMessage } from './route.ts';

/** No next host needs longer to greet; the rest of RelayTimeout is for the message. */
const CONNECT_MS = 30_000;

/** A client waits for the answer to RCPT for 5 minutes (RFC 5321 section 4.5.3.2.3); a host that says nothing for this long says nothing. */
const CHECK_MS = 30_000;
/** How long a recipient that was taken is not asked about again, and how many are remembered. */
const REMEMBER_MS = 60_000;
const MOST_REMEMBERED = 10_000;
/** How long a next host that did not answer in time is asked nothing: clients wait for it once, not each of them. */
const LEAVE_ALONE_MS = 10_000;
/** How long a next host is believed to take no more recipients in one message than it did. */
const ROOM_MS = 10 * 60_000;

function keyOf(next: string, { sender, smtpUtf8 }: TransactionSender, recipient: string): string {
  return JSON.stringify([next, sender, recipient, smtpUtf8]);
}

const NOT_CONFIGURED = passedOn(451, '4.3.5', 'No next host is configured');

const SPOOLED = /^[0-9a-f-]{36}\.eml$/;

interface RelayOptions {
  readonly folder: string;
  readonly files: MailFiles;
  readonly server: () => LiveServer;
  readonly failures: FailureEvents;
  readonly memory: MemoryBudget;
  readonly pool?: RelayPool;
  /** Counts connections to next hosts, with those of other processes. */
  readonly relays?: RelayPlaces | undefined;
}

interface Target {
  readonly next: NextHostSettings;
  readonly limits: PoolLimits;
  readonly timeoutMs: number;
}

function hostOf({ next }: Target): string {
  return `${next.host}:${next.port}`;
}

/** @param said what became of the connection, when it was no reply */
function nextHostRefusal(target: Target, reply: Rejection, said = reply.line): Refusal {
  return { reply, because: { kind: 'nextHost', host: hostOf(target), said } };
}

export class Relay implements Route {
  readonly #options: RelayOptions;
  readonly #pool: RelayPool;
  readonly #swept: Promise<void>;
  /** Recipients that the next host took, with the time until when that is believed. */
  readonly #taken = new Map<string, number>();
  /** The next host that did not answer a question in time, and until when it is asked none. */
  #mute: { readonly next: string; readonly until: number } | undefined;
  /** The next host that had too many recipients in one message, and how many it took. */
  #most: { readonly next: string; readonly until: number; readonly recipients: number } | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#pool = options.pool ?? new RelayPool(undefined, options.relays);
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

  /** What the host takes is remembered for a while; what it refuses is not, it may change its mind. */
  checkRecipients(about: TransactionSender): RecipientCheck {
    let current: { readonly next: string; readonly inquiry: RecipientInquiry } | undefined;
    const taken = new Set<string>();
    return {
      ask: (recipient) => {
        const target = this.#target(about.connector);
        if (!target) return undefined;
        if (/[\r\n\0]/.test(about.sender + recipient)) return undefined;
        const next = JSON.stringify(target.next);
        const { RelayRecipientCheck } = readTransport(this.#options.server().transport);
        if (!RelayRecipientCheck || this.#remembers(keyOf(next, about, recipient))) {
          if (!taken.has(recipient) && this.#room(next, taken) <= 0)
            return Promise.resolve(nextHostRefusal(target, NO_ROOM));
          taken.add(recipient);
          return undefined;
        }
        if (this.#mute?.next === next && this.#mute.until > performance.now())
          return Promise.resolve(nextHostRefusal(target, NOT_IN_TIME));
        if (current?.next !== next) {
          current?.inquiry.close();
          current = { next, inquiry: this.#inquiry(about, target, next, taken) };
        }
        return current.inquiry.ask(recipient).then((reply) => reply && nextHostRefusal(target, reply));
      },
      close: () => current?.inquiry.close(),
    };
  }

  #inquiry(
    about: TransactionSender,
    { next, limits, timeoutMs }: Target,
    host: string,
    taken: Set<string>,
  ): RecipientInquiry {
    const answerMs = Math.min(CHECK_MS, timeoutMs);
    return new RecipientInquiry({
      ...about,
      answerMs,
      holders: this.#pool.holders,
      take: (fresh) => this.#pool.take(next, limits, fresh, answerMs, AbortSignal.timeout(answerMs)),
      give: (connection, reusable) => this.#pool.give(connection, next, limits, reusable),
      giveSoon: (connection, good) => this.#pool.giveSoon(connection, next, limits, good),
      taken: (recipient) => {
        taken.add(recipient);
        this.#remember(keyOf(host, about, recipient));
      },
      room: () => this.#room(host, taken),
      full: (most) => this.#full(host, most),
      failed: (why, reply, late) => {
        if (late) this.#mute = { next: host, until: performance.now() + LEAVE_ALONE_MS };
        const where = `${next.host}:${next.port}`;
        this.#options.failures.report(`recipients ${reply.enhanced}`, {
          id: EVENT.nextHostFailed,
          level: 'Error',
          message: `Recipients could not be asked about at ${where}: ${printable(why)}. The client was answered ${reply.line}`,
          data: { host: where, reply: reply.line },
        });
      },
    });
  }

  /** Recipients that a message may still have, as far as is known. */
  #room(next: string, taken: ReadonlySet<string>): number {
    const most = this.#most;
    return most?.next === next && most.until > performance.now()
      ? most.recipients - taken.size
      : Number.POSITIVE_INFINITY;
  }

  #full(next: string, recipients: number): void {
    this.#most = { next, recipients, until: performance.now() + ROOM_MS };
  }

  #remembers(key: string): boolean {
    return (this.#taken.get(key) ?? 0) > performance.now();
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
      const { message } = error as Error;
      const refusal = { reply: NO_RESOURCES, because: fault('Disk', message) };
      return this.#failed(message, 'spool', EVENT.mailNotStored, refusal);
    }
    const target = this.#target(envelope.connector);
    if (!target) {
      const why = 'DeliveryMethod is Relay, but SmartHost is empty';
      const because = { kind: 'nextHost', host: '', said: why } as const;
      return this.#failed(why, 'not configured', EVENT.nextHostNotConfigured, { reply: NOT_CONFIGURED, because });
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
      const reply = error instanceof NextHostError ? error.reply : limit.signal.aborted ? NOT_IN_TIME : LOST;
      const { message } = error as Error;
      const refusal = nextHostRefusal(target, reply, message);
      return this.#failed(message, `next host ${reply.enhanced}`, EVENT.nextHostFailed, refusal, target);
    } finally {
      clearTimeout(timer);
    }
  }

  #target({ Fqdn }: Connector): Target | undefined {
    const server = this.#options.server();
    const t = readTransport(server.transport);
    if (!t.nextHost) return undefined;
    return {
      next: {
        ...t.nextHost,
        tls: t.SmartHostTls,
        verify: t.SmartHostTlsVerify,
        caFile: t.SmartHostTlsCaFile,
        user: t.SmartHostAuthUser,
        passwordFile: t.SmartHostPasswordFile,
        name: t.SmartHostFqdn || Fqdn || server.fqdn,
      },
      limits: {
        connections: t.MaxRelayConnections === UNLIMITED ? Number.POSITIVE_INFINITY : Number(t.MaxRelayConnections),
        idleMs: t.RelayIdleTimeout.seconds * 1000,
      },
      timeoutMs: t.RelayTimeout.seconds * 1000,
    };
  }

  /** One try; a second one, on a new connection, when a kept one turns out to be dead before anything was begun. */
  async #send(cargo: Cargo, target: Target, signal: AbortSignal): Promise<Outcome> {
    const verdict = await this.#try(cargo, target, signal, false).catch((error) => {
      if (!(error instanceof NotBegun)) throw error;
      return this.#try(cargo, target, signal, true);
    });
    this.#mute = undefined; // it answers again
    const { recipientStatus, most } = verdict;
    if (most !== undefined) this.#full(JSON.stringify(target.next), most);
    const more = { where: hostOf(target), ...(recipientStatus && { recipientStatus }) };
    return verdict.ok
      ? { ok: true, reply: verdict.reply, ...more }
      : { ok: false, refusal: nextHostRefusal(target, verdict.reply), ...more };
  }

  /** A connection for the time of a message; given back when it can be used again, else closed. */
  async #try(cargo: Cargo, { next, limits, timeoutMs }: Target, signal: AbortSignal, fresh: boolean): Promise<Verdict> {
    const connection = await this.#pool.take(next, limits, fresh, Math.min(CONNECT_MS, timeoutMs), signal);
    const stop = () => connection.destroy('the time for it is over');
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    let good = false;
    try {
      const { verdict, reusable } = await passOn(connection, cargo);
      good = reusable;
      return verdict;
    } finally {
      signal.removeEventListener('abort', stop);
      this.#pool.give(connection, next, limits, good);
    }
  }

  #failed(why: string, kind: string, id: number, refusal: Refusal, target?: Target): Outcome {
    const host = target ? hostOf(target) : '';
    const reply = refusal.reply.line;
    this.#options.failures.report(`relay ${kind}`, {
      id,
      level: 'Error',
      message: `A message was not handed on${host && ` to ${host}`}: ${printable(why)}. The client was answered ${reply}`,
      data: { ...(host && { host }), reply },
    });
    return { ok: false, refusal, ...(host && { where: host }) };
  }

  async close(): Promise<void> {
    await this.#swept;
    this.#pool.close();
  }
}
