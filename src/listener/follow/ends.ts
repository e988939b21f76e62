/**
 * Ends what is temporary when its time has come: in the store, as a change like any other, which the listener then follows. The wall
 * clock decides, looked at again each second while there is something to end, so that a clock that was set and a computer that slept
 * end it at the first moment after. What begins, ends and is over is told as events, whoever did it.
 */
import { defaultIn } from '../../domain/catalogue.ts';
import { type Connector, sameJson } from '../../domain/connector.ts';
import { firstEnd, overrideAfter } from '../../domain/ends.ts';
import { limitsText, overrideText, type StoredOverride } from '../../domain/override.ts';
import type { Site } from '../../domain/setting.ts';
import { SETTINGS } from '../../domain/settings.ts';
import { endText, type Stored, type TemporarySetting } from '../../domain/temporary.ts';
import { type EndedNow, temporaryText } from '../../store/ends.ts';
import type { Store } from '../../store/store.ts';
import type { EventLog } from '../contracts/event-log.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import { EVENTS } from '../records/event-table.ts';

interface EndsOptions {
  /** The connectors as they run. */
  readonly connectors: () => Iterable<{ readonly now: Connector }>;
  /** Those of other servers: in a fleet, theirs end too where their own listeners do not see to it. */
  readonly others?: () => readonly Stored[];
  readonly site: () => Site;
  /** Ends in the store what is due. */
  readonly end: () => Promise<EndedNow>;
  readonly events: EventLog;
  readonly now?: () => number;
  /** Milliseconds between looks at the clock, and before another try of what could not be ended. */
  readonly lookMs?: number;
  readonly retryMs?: number;
}

/** Other servers' listeners come first; after that, not all that are left ask the engine at once. Milliseconds. */
const OTHERS_MS = 15_000;

interface Running {
  readonly connector: string;
  readonly one: TemporarySetting;
}

export class EndsByThemselves {
  readonly #options: EndsOptions;
  readonly #now: () => number;
  readonly #patience = OTHERS_MS * (1 + Math.random());
  #known: ReadonlyMap<string, Running> | undefined;
  #knownOverrides: Map<string, StoredOverride & { readonly connector: string }> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ending: Promise<void> | undefined;
  /** What was told not to end, and why: told once. */
  #told = '';
  /** Milliseconds since 1970: the first end of all. */
  #first = Number.POSITIVE_INFINITY;
  #notBefore = 0;
  #closed = false;

  constructor(options: EndsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Ends what is due before anything listens. */
  async start(): Promise<void> {
    const { events } = this.#options;
    for (const { connector, what, value, before } of (await this.#end())?.ended ?? [])
      events.write(
        value || before
          ? EVENTS.temporaryEnded(connector, what, value, before)
          : EVENTS.overrideGone(connector, what.replace(/^override of /, ''), true),
      );
  }

  /** The connectors may be other ones. */
  follow(): void {
    this.#followOverrides();
    const now = new Map<string, Running>();
    for (const { now: connector } of this.#options.connectors())
      for (const one of connector.Temporary)
        now.set(`${connector.Guid} ${one.Setting}`, { connector: connector.Name, one });
    if (this.#known) this.#tell(this.#known, now);
    this.#known = now;
    this.#first = this.#firstEnd();
    this.#notBefore = 0;
    this.#look();
  }

  /** Those of all connectors, by connector and range. */
  #overrides(): Map<string, StoredOverride & { readonly connector: string }> {
    const all = new Map<string, StoredOverride & { readonly connector: string }>();
    for (const { now } of this.#options.connectors())
      for (const { stored, range } of now.Overrides)
        all.set(`${now.Guid} ${range}`, { ...stored, connector: now.Name });
    return all;
  }

  #followOverrides(): void {
    const { events } = this.#options;
    const [before, now] = [this.#knownOverrides, this.#overrides()];
    this.#knownOverrides = now;
    if (!before) return;
    for (const [key, one] of now) {
      const was = before.get(key);
      if (sameJson(one, was)) continue;
      const after = was && this.#isDue(was) ? overrideAfter(was) : undefined;
      const isEnd = after !== undefined && one.Until === undefined && limitsText(after) === limitsText(one);
      events.write(
        isEnd
          ? EVENTS.temporaryEnded(one.connector, `override of ${one.RemoteIPRange}`, limitsText(was!), limitsText(one))
          : EVENTS.overrideSet(one.connector, overrideText(one, endText)),
      );
    }
    for (const [key, one] of before)
      if (!now.has(key)) events.write(EVENTS.overrideGone(one.connector, one.RemoteIPRange, this.#isDue(one)));
  }

  #isDue({ Until }: StoredOverride): boolean {
    return Until !== undefined && Date.parse(Until) <= this.#now();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#ending;
  }

  /** The first end of all; what was changed in the file by hand is over at once. */
  #firstEnd(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { now: connector } of this.#options.connectors())
      for (const one of connector.Temporary)
        first = Math.min(first, isOver(connector, one) ? 0 : Date.parse(one.Until));
    for (const { Until } of this.#knownOverrides!.values())
      if (Until !== undefined) first = Math.min(first, Date.parse(Until));
    for (const stored of this.#options.others?.() ?? []) first = Math.min(first, firstEnd(stored) + this.#patience);
    return first;
  }

  #look(): void {
    clearTimeout(this.#timer);
    if (this.#closed || this.#ending) return;
    const first = Math.max(this.#first, this.#notBefore);
    if (first === Number.POSITIVE_INFINITY) return;
    const left = first - this.#now();
    if (left > 0) {
      this.#timer = setTimeout(() => this.#look(), Math.min(left, this.#options.lookMs ?? 1000)).unref();
      return;
    }
    this.#ending = this.#end().then(() => {
      this.#ending = undefined;
      // A document in which it has ended comes by the watch; until then, and where it could not be ended, not again at once.
      this.#notBefore = this.#now() + (this.#options.retryMs ?? 10_000);
      this.#look();
    });
  }

  async #end(): Promise<EndedNow | undefined> {
    const { events } = this.#options;
    let problem = '';
    let result: EndedNow | undefined;
    try {
      result = await this.#options.end();
      problem = result.stuck.map(({ connector, what, why }) => `${connector} ${what}: ${why}`).join('; ');
    } catch (error) {
      problem = (error as Error).message;
    }
    if (problem && problem !== this.#told) events.write(EVENTS.temporaryStuck(problem));
    this.#told = problem;
    return result;
  }

  #tell(before: ReadonlyMap<string, Running>, now: ReadonlyMap<string, Running>): void {
    const { events, site } = this.#options;
    const told = ({ connector, one: { Setting, Value, Before } }: Running) =>
      [connector, Setting, temporaryText(Setting, Value, site()), temporaryText(Setting, Before, site())] as const;
    for (const [key, running] of now) {
      const { Until, Value } = running.one;
      const was = before.get(key)?.one;
      if (was && was.Until === Until && sameJson(was.Value, Value)) continue;
      events.write(EVENTS.temporaryBegan(...told(running), Until, endText(Until)));
    }
    for (const [key, running] of before) {
      if (now.has(key)) continue;
      if (Date.parse(running.one.Until) <= this.#now()) events.write(EVENTS.temporaryEnded(...told(running)));
      else events.write(EVENTS.temporaryOver(running.connector, running.one.Setting));
    }
  }
}

/** Has the connector another value than the temporary one? */
function isOver(connector: Connector, { Setting, Value }: TemporarySetting): boolean {
  const { kind } = SETTINGS[Setting];
  const site = { server: connector.Server, fqdn: '' };
  if (Value === undefined && typeof SETTINGS[Setting].default === 'function') return false;
  return !sameJson(kind.store(connector[Setting]), Value ?? kind.store(defaultIn(SETTINGS[Setting], site)));
}

/** Those of a listener. @param listener asked when something happens; it may be made later */
export function endsOf(
  store: Pick<Store, 'endDue'>,
  listener: () => {
    readonly live: Iterable<{ readonly now: Connector }>;
    readonly others: readonly Stored[];
    readonly server: LiveServer;
  },
  events: EventLog,
  clock: Pick<EndsOptions, 'lookMs'> & { readonly fleetTime?: () => number | undefined } = {},
): EndsByThemselves {
  return new EndsByThemselves({
    connectors: () => listener().live,
    others: () => listener().others,
    site: () => ({ server: listener().server.name, fqdn: listener().server.fqdn }),
    end: () => store.endDue(clock.fleetTime?.()),
    events,
    now: () => clock.fleetTime?.() ?? Date.now(),
    ...(clock.lookMs === undefined ? {} : { lookMs: clock.lookMs }),
  });
}
