/**
 * A connection to a fleet's engine, Redis 6.2 or Valkey 7.2 and newer, over the client of Redis's makers. That is loaded only here,
 * so only in a fleet. Its errors become FleetErrors that say what to do.
 */

import { isIP } from 'node:net';
import { hostAndPort } from '../text/bracketed.ts';
import { inTime } from '../text/in-time.ts';
import { printable } from '../text/printable.ts';
import { type EngineAddress, engineUrl } from './engine-address.ts';
import { FleetError } from './fleet-error.ts';
import type { Script } from './scripts.ts';

/** What `sendCommand` gives in protocol version 2. */
export type Reply = string | number | null | Reply[];

interface EngineOptions {
  readonly address: EngineAddress;
  readonly password?: string | undefined;
  /** PEM; what signs its certificate. */
  readonly ca?: string | undefined;
  /** Milliseconds for reaching it, and for each answer that nobody says another time for. */
  readonly patienceMs?: number;
  /** The address was just given: that nobody answers there is told with what may be wrong with it. */
  readonly isNew?: boolean;
  /** Hears once that the connection is over. */
  readonly onLost?: (error: FleetError) => void;
}

const PATIENCE_MS = 5000;
/** Answers awaited at most; a flood beyond is the fallback's. */
const MOST_WAITING = 50_000;
const OLDEST = [6, 2] as const;

type Client = Awaited<ReturnType<typeof clientOf>>;

/** The rights that the ACL user needs, in the words of docs/fleet.md. */
const NEEDED_RIGHTS =
  '+info +ping +select +hget +hmget +hgetall +hset +hdel +hincrby +zadd +zrem +zscore +zcard +zrangebyscore +rpush +ltrim +lrange +del +pexpire +time +publish +subscribe +unsubscribe +eval +evalsha';

export class Engine {
  /** Names this run of the engine: another after a restart or a failover. */
  readonly run: string;
  /** `Redis 7.0.15` */
  readonly version: string;
  /** How far its clock is ahead of this machine's, in milliseconds, as far as that can be told. */
  readonly aheadMs: number;
  readonly #client: Client;
  readonly #where: string;
  readonly #address: EngineAddress;
  readonly #patienceMs: number;
  #subscriber: Client | undefined;
  #isOver = false;

  private constructor(client: Client, address: EngineAddress, patienceMs: number, info: Info) {
    this.#client = client;
    this.#where = hostAndPort(address.host, address.port);
    this.#address = address;
    this.#patienceMs = patienceMs;
    this.run = info.run;
    this.version = info.version;
    this.aheadMs = info.aheadMs;
  }

  /** @throws FleetError */
  static async connect(options: EngineOptions): Promise<Engine> {
    const { address, patienceMs = PATIENCE_MS } = options;
    const where = hostAndPort(address.host, address.port);
    let engine: Engine | undefined;
    const client = await clientOf(options, (error) => engine?.lost(error, options.onLost));
    try {
      await answered(client.connect(), patienceMs * 2);
      const asked = Date.now();
      const info = infoOf(String(await answered(client.sendCommand(['INFO', 'server']), patienceMs)), where, asked);
      engine = new Engine(client, address, patienceMs, info);
      if (client.isReady) return engine;
      throw new Error('the connection was closed');
    } catch (error) {
      destroy(client);
      throw fleetErrorOf(error, where, address, options.isNew);
    }
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  private lost(error: unknown, tell: EngineOptions['onLost']): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.close();
    tell?.(fleetErrorOf(error, this.#where, this.#address));
  }

  /** @throws FleetError */
  async command(args: readonly string[], patienceMs = this.#patienceMs): Promise<Reply> {
    try {
      return (await answered(this.#client.sendCommand([...args]), patienceMs)) as Reply;
    } catch (error) {
      throw fleetErrorOf(error, this.#where, this.#address);
    }
  }

  /** Runs a script, by its hash where the engine knows it. @throws FleetError */
  async runScript(
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
    patienceMs?: number,
  ): Promise<Reply> {
    const rest = [String(keys.length), ...keys, ...args.map(String)];
    try {
      return await this.command(['EVALSHA', script.sha, ...rest], patienceMs);
    } catch (error) {
      if (!(error instanceof FleetError && error.cause instanceof Error && /^NOSCRIPT/.test(error.cause.message)))
        throw error;
      return this.command(['EVAL', script.text, ...rest], patienceMs);
    }
  }

  /** Hears channels, over one connection of their own, as long as this one is there. @throws FleetError */
  async subscribe(hearers: Readonly<Record<string, (message: string) => void>>): Promise<void> {
    try {
      const subscriber = this.#client.duplicate();
      this.#subscriber = subscriber;
      subscriber.on('error', (error) => {
        // What is said meanwhile is not heard; the poll finds it, and the next connection listens again.
        if (this.#client.isOpen) this.#client.emit('error', error);
      });
      await answered(subscriber.connect(), this.#patienceMs);
      for (const [channel, hear] of Object.entries(hearers))
        await answered(subscriber.subscribe(channel, hear), this.#patienceMs);
    } catch (error) {
      throw fleetErrorOf(error, this.#where, this.#address);
    }
  }

  /** What to throw where under a fleet's name stands what is not ours. */
  foreign(what: string): FleetError {
    return foreign(this.#where, what);
  }

  close(): void {
    this.#isOver = true;
    destroy(this.#client);
    if (this.#subscriber) destroy(this.#subscriber);
  }
}

async function clientOf(options: EngineOptions, onError: (error: unknown) => void) {
  const { address, password, ca, patienceMs = PATIENCE_MS } = options;
  const { createClient } = await import('@redis/client');
  const common = { connectTimeout: patienceMs, reconnectStrategy: false as const };
  const place = { host: address.host, port: address.port, keepAlive: true };
  // An address is no name that a server could be asked for (RFC 6066, 3).
  const tls = {
    tls: true as const,
    ...(isIP(address.host) ? {} : { servername: address.host }),
    ...(ca ? { ca } : {}),
  };
  const client = createClient({
    RESP: 2,
    socket: address.tls ? { ...common, ...place, ...tls } : { ...common, ...place },
    ...(address.user ? { username: address.user } : {}),
    ...(password === undefined ? {} : { password }),
    ...(address.database ? { database: address.database } : {}),
    disableOfflineQueue: true,
    disableClientInfo: true,
    commandsQueueMaxLength: MOST_WAITING,
    maintNotifications: 'disabled',
  });
  client.on('error', onError);
  client.on('end', () => onError(new Error('the connection was closed')));
  return client;
}

function destroy(client: Client): void {
  try {
    client.destroy();
  } catch {} // closed already
}

interface Info {
  readonly run: string;
  readonly version: string;
  readonly aheadMs: number;
}

/**
 * How far another clock is ahead of this machine's, in milliseconds, where it was asked between two moments of this one's: no more
 * than is sure, so nothing while clocks go alike, however long the answer took.
 */
export function aheadBy(other: number, asked: number, answered: number): number {
  if (other < asked) return other - asked;
  return Math.max(0, other - answered - 1); // a millisecond that is cut off
}

/** @throws FleetError when it is too old */
function infoOf(text: string, where: string, asked: number): Info {
  const field = (name: string) => new RegExp(`^${name}:([^\\r\\n]*)`, 'm').exec(text)?.[1] ?? '';
  const redis = field('redis_version');
  const valkey = field('valkey_version');
  const [major = 0, minor = 0] = redis.split('.').map(Number);
  const version = valkey ? `Valkey ${valkey}` : `Redis ${redis}`;
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    throw new FleetError(
      'unfit',
      `What answers at ${where} is ${redis ? printable(version) : 'no Redis'}; a fleet needs Redis ${OLDEST.join('.')}, Valkey 7.2 or newer.`,
    );
  const time = Math.floor(Number(field('server_time_usec')) / 1000);
  return { run: field('run_id'), version, aheadMs: time ? aheadBy(time, asked, Date.now()) : 0 };
}

function answered<T>(promise: Promise<T>, ms: number): Promise<T> {
  return inTime(promise, ms, () => {
    throw new Error(`no answer within ${ms / 1000} s`);
  });
}

/** An error of client, socket or engine, as it is told. */
function fleetErrorOf(error: unknown, where: string, address: EngineAddress, isNew = false): FleetError {
  if (error instanceof FleetError) return error;
  const cause = error as NodeJS.ErrnoException;
  const text = printable(cause?.message || cause?.code || String(error)).slice(0, 300);
  const told = (problem: FleetError['problem'], message: string) =>
    Object.assign(new FleetError(problem, message), { cause: error });
  if (/^(?:WRONGPASS|NOAUTH)|invalid password|without any password configured/i.test(text))
    return told(
      'denied',
      `The engine at ${where} does not let us in (${text}). Give the right password: rc join-fleet ${address.user ? `redis://${address.user}@${where}` : `redis://${where}`} --password-file FILE`,
    );
  if (/^NOPERM/.test(text) || /NOPERM|permissions to (?:run|access)|can't run this command or subcommand/i.test(text))
    return told(
      'denied',
      `The engine's user at ${where} lacks a right (${text}). It needs, for the fleet's name in the place of NAME: ACL SETUSER ${address.user ?? 'USER'} ~rc:{NAME}:* &rc:{NAME}:* ${NEEDED_RIGHTS}.`,
    );
  if (/^READONLY|READONLY You can't write/i.test(text))
    return told(
      'unfit',
      `The engine at ${where} is a replica and takes no changes. Join the one that does: rc join-fleet URL`,
    );
  if (/^WRONGTYPE|WRONGTYPE Operation/i.test(text)) return Object.assign(foreign(where, text), { cause: error });
  if (/^NOSCRIPT/.test(text)) return told('away', text);
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(cause?.code ?? ''))
    return told(
      'away',
      `The certificate of the engine at ${where} is not trusted (${text}). Give what signs it: rc join-fleet URL --ca-file FILE`,
    );
  return told(
    'away',
    `The engine at ${where} cannot be asked (${text}).${isNew ? adviceFor(cause?.code, text, address) : ''}`,
  );
}

function foreign(where: string, what: string): FleetError {
  return new FleetError(
    'foreign',
    `In the engine at ${where}, under the fleet's name, stands something that is not a fleet's (${what}). Choose another name: rc join-fleet URL --name NAME`,
  );
}

/** What may be wrong with the place, for who is about to give its address. */
function adviceFor(code: string | undefined, text: string, address: EngineAddress): string {
  if (code === 'ECONNREFUSED')
    return ' Nothing listens there: start the engine, let it listen on that address (bind in its configuration), or give another one.';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return ' No machine is known by that name.';
  if (!/timeout|no answer|closed|ECONNRESET|EHOSTUNREACH|ENETUNREACH|EPROTO|wrong version/i.test(`${code} ${text}`))
    return '';
  const other = engineUrl({ ...address, tls: !address.tls });
  return ` Is a Redis or Valkey there, and no firewall between? ${address.tls ? 'Without' : 'With'} TLS it would be: ${other}`;
}
