/**
 * Connections and messages of a fleet, counted in its engine: by the name of the connector and by source, each node's part under its
 * incarnation, so that a node that dies takes its counts with it. Each node says its true counts twice a minute, on each new
 * connection, and wherever one may be wrong.
 */
import { firstOf } from '../text/top-n.ts';
import type { Engine, Reply } from './engine.ts';
import { type FleetKeys, keysOf } from './keys.ts';
import { ASK, LEAVE, RECOUNT, TAKE, TOTALS } from './scripts.ts';

/** A connection to the engine that knows us. */
export interface Counting {
  readonly engine: Engine;
  readonly fleet: string;
  readonly incarnation: string;
}

interface Attached extends Pick<Counting, 'engine' | 'incarnation'> {
  readonly keys: FleetKeys;
}

/** What is allowed of a connector; Infinity is no limit. */
export interface CountedLimits {
  readonly name: string;
  readonly most: number;
  readonly perSource: number;
  /** Percent; 100 is no limit. */
  readonly percentage: number;
}

export interface Asker {
  readonly source: string;
  /** Limits per source apply. */
  readonly limited: boolean;
  /** It would be let in without the engine: what counts until all nodes have said theirs. */
  readonly hasRoom: boolean;
}

export type Counted =
  | { readonly kind: 'accepted' | 'connector' | 'source' }
  | { readonly kind: 'percentage'; readonly limit: number }
  /** Not all nodes have said their counts yet, and this server's share has no room. */
  | { readonly kind: 'share' }
  /** The engine has forgotten us: we have to say again that we are there. */
  | { readonly kind: 'unknown' };

/** What one connector of this server has, by source. */
interface OwnCounts {
  readonly name: string;
  readonly sources: ReadonlyMap<string, number>;
}

/** An answer that takes longer than this is none any more; the authority waits far shorter. */
const PATIENCE_MS = 5000;
const RECOUNT_MS = 30_000;
const LOOK_MS = 1000;
/** After the engine hung, others that let somebody in meanwhile say so within this, in milliseconds. */
const CATCH_UP_MS = 3000;
const OTHERS_FIRST_MS = 500;
/** Keys said in one script, so that it holds nobody up. */
const BATCH = 200;

/** Sources whose connections on all servers are looked at each second, of a connector: those that have the most here. */
const WATCHED = 20;

export class FleetCounts {
  readonly #own: () => Iterable<OwnCounts>;
  readonly #onUnknown: () => void;
  #counting: Attached | undefined;
  /** Questions without an answer, by key: what it counts meanwhile may not be said over. */
  readonly #pending = new Map<string, number>();
  /** Keys in which the engine may have something of ours. */
  readonly #touched = new Set<string>();
  /** Keys that may be wrong there. */
  readonly #doubtful = new Set<string>();
  #recountAt = 0;
  /** Somebody is in whom the engine does not count. */
  #isBehind = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #totals = new Map<string, number>();

  /** @param own what this server has, of connectors that count over the fleet */
  constructor(own: () => Iterable<OwnCounts>, onUnknown: () => void) {
    this.#own = own;
    this.#onUnknown = onUnknown;
  }

  /** From now on the engine is asked. */
  attach({ engine, fleet, incarnation }: Counting): void {
    this.#counting = { engine, incarnation, keys: keysOf(fleet) };
    this.#pending.clear();
    this.#isBehind = false;
    this.#recountAt = 1;
    this.recount();
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
  }

  detach(): void {
    this.#counting = undefined;
    this.#totals.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  get isAttached(): boolean {
    return this.#counting !== undefined && !this.#counting.engine.isOver && !this.#isBehind;
  }

  /** @throws FleetError when it does not answer; it may have counted all the same */
  async ask(
    { name, most, perSource, percentage }: CountedLimits,
    { source, limited, hasRoom }: Asker,
  ): Promise<Counted> {
    const counting = this.#counting!;
    const { keys } = counting;
    const [connector, own] = [keys.connector(name), keys.source(name, source)];
    const number = (limit: number) => (Number.isFinite(limit) ? limit : -1);
    this.#begin(connector, own);
    try {
      const flags = [limited, hasRoom].map(Number);
      const args = [counting.incarnation, number(most), number(perSource), number(percentage), ...flags];
      const said = await counting.engine.runScript(ASK, [keys.alive, connector, own, keys.clock], args, PATIENCE_MS);
      const [kind, open, limit, mine] = said as number[];
      if (kind !== -1) this.#totals.set(connector, open!).set(own, mine!);
      switch (kind) {
        case 0:
          return { kind: 'accepted' };
        case 1:
          return { kind: 'connector' };
        case 2:
          return { kind: 'source' };
        case 3:
          return { kind: 'percentage', limit: limit! };
        case 4:
          return { kind: 'share' };
        default:
          this.#onUnknown();
          return { kind: 'unknown' };
      }
    } catch (error) {
      this.#doubtful.add(connector).add(own);
      throw error;
    } finally {
      if (this.#counting === counting) this.#end(connector, own);
    }
  }

  leave(name: string, source: string): void {
    const counting = this.#counting;
    if (!counting || counting.engine.isOver) return;
    const { keys, engine, incarnation } = counting;
    const [connector, own] = [keys.connector(name), keys.source(name, source)];
    this.#begin(connector, own);
    engine
      .runScript(LEAVE, [connector, own], [incarnation], PATIENCE_MS)
      .catch(() => this.#doubtful.add(connector).add(own))
      .finally(() => this.#counting === counting && this.#end(connector, own));
  }

  /** @throws FleetError when it does not answer */
  async take(name: string, sources: readonly string[], limit: number, windowMs = 60_000): Promise<boolean> {
    const { engine, keys } = this.#counting!;
    const rates = sources.map((source) => keys.rate(name, source));
    return (await engine.runScript(TAKE, rates, [limit, windowMs], PATIENCE_MS)) === 1;
  }

  /**
   * The engine counts a connection that was not let in. That is put right a little later: after it hung, others have to say first
   * whom they let in meanwhile, or the place would be given away.
   */
  doubt(name: string, source: string): void {
    const keys = this.#counting?.keys;
    if (!keys) return;
    const later = () => this.#doubtful.add(keys.connector(name)).add(keys.source(name, source));
    setTimeout(later, OTHERS_FIRST_MS).unref();
  }

  /** A connection was let in without the engine, and it does not count it: nobody is asked about until it does. */
  missed(): void {
    this.#isBehind = true;
    this.#catchUp();
  }

  #catchUp(): void {
    const counting = this.#counting;
    if (!this.#isBehind || !counting || this.#pending.size) return;
    this.#say(true, counting, CATCH_UP_MS).then(
      () => {
        if (this.#counting === counting) this.#isBehind = false;
      },
      () => {},
    );
  }

  /** Says all counts soon, as the settings that name them are others now. */
  recount(): void {
    if (this.#recountAt !== 0) setImmediate(() => this.#look()); // after the other connectors of the change
    this.#recountAt = 0;
  }

  /** Connections of the connectors of that name on all servers, as the engine last said: all, or those of one source. */
  total(name: string, source?: string): number | undefined {
    const keys = this.#counting?.keys;
    return keys && this.#totals.get(source === undefined ? keys.connector(name) : keys.source(name, source));
  }

  #begin(...keys: readonly string[]): void {
    for (const key of keys) {
      this.#pending.set(key, (this.#pending.get(key) ?? 0) + 1);
      this.#touched.add(key);
    }
  }

  #end(...keys: readonly string[]): void {
    for (const key of keys) {
      const left = (this.#pending.get(key) ?? 1) - 1;
      if (left > 0) this.#pending.set(key, left);
      else this.#pending.delete(key);
    }
    this.#catchUp();
  }

  #look(): void {
    const counting = this.#counting;
    if (!counting || counting.engine.isOver) return;
    const { keys, engine } = counting;
    const isDue = performance.now() >= this.#recountAt;
    if (isDue) this.#recountAt = performance.now() + RECOUNT_MS;
    if (this.#isBehind) this.#catchUp();
    else if (isDue || this.#doubtful.size) this.#say(isDue, counting, 0).catch(() => {});
    this.#readTotals(keys, engine);
  }

  /** Says true counts: all, or those that may be wrong. @param wholeIn milliseconds in which others say theirs too @throws FleetError */
  async #say(all: boolean, { keys, engine, incarnation }: Attached, wholeIn: number): Promise<void> {
    const counts = this.#ownByKey(keys);
    const wanted = all ? new Set([...this.#touched, ...counts.keys()]) : this.#doubtful;
    const said: [key: string, count: number][] = [];
    for (const key of wanted) {
      if (this.#pending.has(key)) {
        this.#doubtful.add(key); // later, when what is under way is known
        continue;
      }
      const count = counts.get(key) ?? 0;
      said.push([key, count]);
      this.#doubtful.delete(key);
      if (count > 0) this.#touched.add(key);
      else this.#touched.delete(key);
    }
    const parts: [string, number][][] = [];
    for (let i = 0; i < said.length; i += BATCH) parts.push(said.slice(i, i + BATCH));
    if (!parts.length && wholeIn) parts.push([]);
    await Promise.all(
      parts.map(async (part) => {
        const names = part.map(([key]) => key);
        const args = [incarnation, wholeIn, ...part.map(([, count]) => count)];
        try {
          await engine.runScript(RECOUNT, [keys.clock, ...names], args, PATIENCE_MS);
        } catch (error) {
          for (const key of names) this.#doubtful.add(key);
          throw error;
        }
      }),
    );
  }

  #ownByKey(keys: FleetKeys): Map<string, number> {
    const counts = new Map<string, number>();
    const add = (key: string, count: number) => counts.set(key, (counts.get(key) ?? 0) + count);
    for (const { name, sources } of this.#own()) {
      for (const [source, count] of sources) {
        add(keys.connector(name), count);
        add(keys.source(name, source), count);
      }
    }
    return counts;
  }

  /** Others' connections come and go without our asking. */
  #readTotals(keys: FleetKeys, engine: Engine): void {
    const wanted = new Set<string>();
    for (const { name, sources } of this.#own()) {
      wanted.add(keys.connector(name));
      const most = firstOf(sources, WATCHED, (a, b) => b[1] - a[1]);
      for (const [source] of most) wanted.add(keys.source(name, source));
    }
    if (!wanted.size) return;
    const asked = [...wanted].slice(0, BATCH);
    engine.runScript(TOTALS, [keys.alive, ...asked], [], PATIENCE_MS).then(
      (totals) => {
        this.#totals.clear(); // of sources that have gone, nothing is kept
        for (const [i, key] of asked.entries()) this.#totals.set(key, Number((totals as Reply[])[i]));
      },
      () => {},
    );
  }
}
