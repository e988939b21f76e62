/**
 * A running listener as a node of its fleet: it says every three seconds that it is there and which generation it acts by,
 * hears of changes at once (and looks once a second all the same), and writes them to store.json, which the listener follows as
 * ever. The engine away, it tries again and again; nothing that runs waits for it.
 */
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { guarded, mayHaveSecrets } from './acceptance.ts';
import { Answering, type Answers } from './answering.ts';
import { aheadBy, Engine, type Reply } from './engine.ts';
import { engineUrl } from './engine-address.ts';
import type { Counting } from './fleet-counts.ts';
import { FleetDocument, headerOf } from './fleet-document.ts';
import { FleetError, type FleetProblem } from './fleet-error.ts';
import { follow } from './follow.ts';
import { keysOf } from './keys.ts';
import { type Membership, readMembership } from './membership.ts';
import { type NodeReport, reportOf } from './roster.ts';
import { RENEW, RETIRE } from './scripts.ts';

/** What is told of a fleet, once for each that becomes so. */
interface FleetTold {
  connected(fleet: string, url: string, nodes: number): void;
  /** The engine cannot be asked: settings stay, limits fall back. */
  away(fleet: string, reason: string): void;
  /** It can, but is not followed: an older generation, another fleet, a document that cannot be used, a twin. */
  notFollowed(fleet: string, reason: string): void;
  followsAgain(fleet: string, generation: number): void;
  /** An edit of store.json by hand that the fleet would not have. */
  setAside(path: string, reason: string): void;
  left(fleet: string): void;
}

/** What the listener's part in the fleet is fed with. */
interface FleetNodeOptions {
  readonly store: Store;
  readonly version: string;
  /** What the listener acts by, and why not by a newer one. */
  readonly acting: () => { readonly generation: number; readonly problem: string };
  readonly tell: FleetTold;
  /** Runs on each new connection, and when the engine had forgotten us: counts are to be said again. */
  readonly onCounted?: (counting: Counting) => void;
  readonly onAway?: () => void;
  /** What this server tells others that ask. */
  readonly answers?: Answers;
}

interface FleetStatus {
  readonly fleet: string;
  readonly url: string;
  readonly connected: boolean;
  readonly problem: string;
  /** Nodes that were alive when it was last known. */
  readonly nodes: number;
  /** The fleet's generation, as last seen. */
  readonly generation: number;
}

const LOOK_MS = 1000;
const RENEW_MS = 3000;
const PATIENCE_MS = 2000;
const LONGEST_WAIT_MS = 5000;
/** A change from a command on this home is written by that command; the listener waits so long before it does it itself. */
const OWN_CHANGE_MS = 300;

export class FleetNode {
  readonly #options: FleetNodeOptions;
  readonly #started = Date.now();
  #incarnation = randomUUID();
  #member: Membership | undefined;
  #memberKey = '';
  #engine: Engine | undefined;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #again = false;
  #isStopped = false;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #retryAt = 0;
  #failures = 0;
  #told: FleetProblem | undefined;
  #problem = '';
  #isStoreNew = true;
  /** The engine counts with us. */
  #isKnown = false;
  #nodes = 1;
  #generation = 0;
  #aheadMs: number | undefined;
  readonly #answering: Answering;

  constructor(options: FleetNodeOptions) {
    this.#options = options;
    this.#answering = new Answering(options.answers ?? {});
  }

  /** Begins; what it finds is told later. */
  start(): void {
    this.look();
    this.#timer = setInterval(() => this.look(), LOOK_MS);
    this.#timer.unref();
  }

  /** Look at the membership, the engine and its document now. */
  look(): void {
    if (this.#isStopped) return;
    this.#again = true;
    this.#working ??= this.#work();
  }

  /** The listener acts by another generation, or cannot: the fleet is told at once. */
  acted(): void {
    if (!this.#member) return;
    this.#isStoreNew = true; // it may be an edit by hand
    this.#renewedAt = Number.NEGATIVE_INFINITY;
    this.look();
  }

  get isMember(): boolean {
    return this.#member !== undefined;
  }

  /** `undefined` in no fleet. */
  get status(): FleetStatus | undefined {
    const member = this.#member;
    if (!member) return undefined;
    return {
      fleet: member.fleet,
      url: engineUrl(member.address),
      connected: this.isCounting,
      problem: this.#problem,
      nodes: this.#nodes,
      generation: this.#generation,
    };
  }

  /** Is the engine there, and are we known to it? */
  get isCounting(): boolean {
    return this.#engine !== undefined && !this.#engine.isOver && this.#told !== 'taken' && this.#told !== 'away';
  }

  /** Live nodes, as last known; at least 1. */
  get nodes(): number {
    return this.#nodes;
  }

  /**
   * The fleet's time, in milliseconds since 1970: all servers go by their engine's clock, and by what was last known of it while it is
   * away. `undefined` in no fleet, and until it is known.
   */
  get time(): number | undefined {
    return this.#aheadMs === undefined ? undefined : Date.now() + this.#aheadMs;
  }

  async close(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    const engine = this.#engine;
    await this.#working;
    if (engine && !engine.isOver && this.#member) {
      const { alive, nodes, servers } = keysOf(this.#member.fleet);
      const args = [this.#incarnation, this.#member.server.toLowerCase()];
      await engine.runScript(RETIRE, [alive, nodes, servers], args, PATIENCE_MS).catch(() => {});
    }
    engine?.close();
  }

  async #work(): Promise<void> {
    await Promise.resolve();
    while (this.#again && !this.#isStopped) {
      this.#again = false;
      try {
        await this.#once();
      } catch (error) {
        this.#failed(error);
      }
    }
    this.#working = undefined;
  }

  async #once(): Promise<void> {
    this.#lookAtMembership();
    const member = this.#member;
    if (!member) return;
    if (!this.#engine || this.#engine.isOver) {
      this.#engine = undefined;
      if (performance.now() < this.#retryAt) return;
      await this.#connect(member);
    }
    const document = new FleetDocument(this.#engine!, keysOf(member.fleet), member.fleet);
    const isDue = this.#told === 'taken' || performance.now() - this.#renewedAt >= RENEW_MS;
    const header = isDue ? await this.#renew(member) : await document.header();
    this.#generation = header?.generation ?? 0;
    const { generation } = this.#options.acting();
    const isSame = header?.generation === generation && header.id === member.id;
    if (!isSame || this.#told || this.#isStoreNew) {
      this.#isStoreNew = false;
      const followed = await follow(this.#options.store, document, member);
      if (followed.aside) this.#options.tell.setAside(followed.aside.path, followed.aside.reason);
    } else guarded(header, member, generation);
    this.#well(member);
  }

  #lookAtMembership(): void {
    const { home } = this.#options.store;
    const stat = statSync(home.fleet, { throwIfNoEntry: false, bigint: true });
    const key = stat ? `${stat.ino} ${stat.mtimeNs}` : '';
    if (key === this.#memberKey) return;
    const before = this.#member;
    const member = readMembership(home);
    this.#memberKey = key;
    this.#member = member;
    this.#engine?.close();
    this.#engine = undefined;
    this.#retryAt = 0;
    this.#nodes = 1;
    this.#aheadMs = undefined;
    this.#told = undefined;
    this.#problem = '';
    this.#notKnown();
    if (before && before.id !== member?.id) this.#options.tell.left(before.fleet);
  }

  async #connect(member: Membership): Promise<void> {
    const engine = await Engine.connect({
      address: member.address,
      password: member.password,
      ca: member.ca,
      patienceMs: PATIENCE_MS,
      onLost: () => {
        this.#notKnown();
        this.look();
      },
    });
    this.#engine = engine;
    const keys = keysOf(member.fleet);
    await engine.subscribe({
      [keys.changed]: (message) => this.#heard(message, member),
      [keys.asked]: (message) => this.#asked(message, engine, member),
    });
    await this.#renew(member);
    this.#failures = 0;
    this.#options.tell.connected(member.fleet, engineUrl(member.address), this.#nodes);
  }

  /** `GENERATION HOME` */
  #heard(message: string, member: Membership): void {
    if (message.split(' ')[1] === member.home) setTimeout(() => this.look(), OWN_CHANGE_MS).unref();
    else this.look();
  }

  /** What another server wants to know. */
  #asked(message: string, engine: Engine, member: Membership): void {
    const { fleet, server } = member;
    if (this.#options.answers && this.#told !== 'taken')
      this.#answering.hear(message, { engine, keys: keysOf(fleet), server, isPrivate: mayHaveSecrets(member) });
  }

  /** @throws FleetError 'taken' when another is this server */
  async #renew(member: Membership): Promise<ReturnType<typeof headerOf>> {
    const engine = this.#engine!;
    const keys = keysOf(member.fleet);
    const { generation, problem } = this.#options.acting();
    const report: NodeReport = {
      server: member.server,
      home: member.home,
      host: hostname(),
      pid: process.pid,
      version: this.#options.version,
      started: this.#started,
      generation,
      problem: problem || (this.#told === undefined ? '' : this.#problem),
    };
    const asked = Date.now();
    const said = (await engine.runScript(
      RENEW,
      [keys.alive, keys.nodes, keys.servers, keys.clock, keys.document],
      [this.#incarnation, member.server.toLowerCase(), member.home, this.#started, JSON.stringify(report), engine.run],
      PATIENCE_MS,
    )) as Reply[];
    this.#renewedAt = performance.now();
    const [word, ...rest] = said;
    if (word === 'taken' || word === 'replaced') throw twinError(member, reportOf(String(rest[0])));
    this.#nodes = Math.max(1, Number(rest[0]) || 1);
    this.#aheadMs = aheadBy(Number(rest[6]), asked, Date.now());
    if (word === 'new' || !this.#isKnown)
      this.#options.onCounted?.({ engine, fleet: member.fleet, incarnation: this.#incarnation });
    this.#isKnown = true;
    return headerOf(rest.slice(2), member.fleet);
  }

  #notKnown(): void {
    this.#isKnown = false;
    this.#options.onAway?.();
  }

  #well(member: Membership): void {
    const told = this.#told;
    if (told === undefined) return;
    this.#told = undefined;
    this.#problem = '';
    if (told !== 'away') this.#options.tell.followsAgain(member.fleet, this.#generation);
    this.#renewedAt = Number.NEGATIVE_INFINITY; // what was wrong is no more, and others are told so at once
    this.#again = true;
  }

  #failed(error: unknown): void {
    if (!(error instanceof StoreError)) throw error;
    const fleet = this.#member?.fleet ?? '';
    const problem: FleetProblem = error instanceof FleetError ? error.problem : 'refused';
    const isAway = problem === 'away' || problem === 'denied' || problem === 'unfit';
    if (isAway) {
      this.#engine?.close();
      this.#engine = undefined;
      this.#retryAt = performance.now() + Math.min(LONGEST_WAIT_MS, 250 * 2 ** this.#failures++);
      this.#notKnown();
    }
    if (problem === 'taken') this.#notKnown();
    const kind = isAway ? 'away' : problem;
    const isNew = this.#told !== kind || (this.#problem !== error.message && !isAway);
    this.#told = kind;
    this.#problem = error.message;
    if (!isNew) return;
    if (isAway) this.#options.tell.away(fleet, error.message);
    else this.#options.tell.notFollowed(fleet, error.message);
  }
}

function twinError({ server, address, fleet }: Membership, twin: NodeReport | undefined): FleetError {
  const name = fleet === 'default' ? '' : ` --name ${fleet}`;
  return new FleetError(
    'taken',
    `Another listener runs as server ${server} in this fleet${twin ? ` (on ${twin.host}, process ${twin.pid})` : ''}. Its limits are not counted with ours until one of them is called otherwise: rc leave-fleet --keep; rc join-fleet ${engineUrl(address)}${name} --server NAME`,
  );
}
