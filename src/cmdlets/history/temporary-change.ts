/** What ends by itself, settings and overrides, as the cmdlets find and show it. */
import { defaultIn } from '../../domain/catalogue.ts';
import type { StoredConnector } from '../../domain/connector.ts';
import { type End, endsOf } from '../../domain/ends.ts';
import { limitTexts, type StoredOverride } from '../../domain/override.ts';
import { parseRange } from '../../domain/range.ts';
import { SETTINGS, type SettingName, settingNamed } from '../../domain/settings.ts';
import { type TemporarySetting, temporaryIn } from '../../domain/temporary.ts';
import type { IpRange } from '../../domain/value.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PsObject, type Value } from '../../pipeline/value.ts';
import type { Draft } from '../../store/draft.ts';
import { show } from '../../text/printable.ts';
import { meantByEach } from '../connectors/connector-object.ts';
import { RANGES, rangesOf } from '../overrides/override-object.ts';

export const WHICH = [
  {
    name: 'Identity',
    type: 'strings',
    position: 0,
    rest: true,
    completes: 'connector',
    help: 'All that is temporary of these connectors (wildcards find several), or of the change with this number (rc history).',
  },
  {
    name: 'Setting',
    type: 'strings',
    placeholder: 'SETTING',
    help: 'Only these settings; Overrides means the limits of single addresses.',
  },
  {
    name: 'RemoteIPRanges',
    aliases: RANGES.aliases,
    type: 'strings',
    placeholder: 'RANGE',
    help: 'Only the overrides of these ranges, as rc get-override shows them.',
  },
] as const satisfies readonly Parameter[];

interface Asking {
  readonly context: Context;
  readonly arguments: {
    readonly Identity?: readonly string[] | undefined;
    readonly Setting?: readonly string[] | undefined;
    readonly RemoteIPRanges?: readonly string[] | undefined;
  };
  spell(name: 'Setting' | 'RemoteIPRanges'): string;
}

interface Found {
  readonly stored: StoredConnector;
  readonly entries: readonly End[];
}

/** What is meant, connector by connector; all there is when no identity is given. Who is not found, or has nothing, is an error of its own. */
export function* temporaryMeant(call: Asking, isAsked: boolean): Generator<Found> {
  const { context, arguments: args } = call;
  const { draft } = context.statement;
  const isWanted = wantedOf(call);
  const running = (stored: StoredConnector, only?: ReadonlySet<string>) =>
    endsOf(stored).filter((one) => isWanted(one) && (!only || only.has(`${stored.Guid} ${one.what}`)));
  if (args.Identity === undefined) {
    for (const stored of draft.connectorsOf(context.onServers)) {
      const entries = running(stored);
      if (entries.length) yield { stored, entries };
    }
    return;
  }
  for (const meant of meantByEach(context, args.Identity)) {
    const { identity } = meant;
    const only =
      /^\d+$/.test(identity) && !draft.find(identity).found.length ? begunBy(context, Number(identity)) : undefined;
    const connectors = only ? draft.connectorsOf(context.onServers) : [...meant.connectors];
    const found = connectors
      .map((stored) => ({ stored, entries: running(stored, only) }))
      .filter(({ entries }) => entries.length);
    if (!found.length && isAsked && (connectors.length || only)) context.error(nothingTemporary(identity));
    yield* found;
  }
}

/** Settings and ranges that were asked for; with neither everything is meant. */
function wantedOf(call: Asking): (one: End) => boolean {
  const { Setting, RemoteIPRanges } = call.arguments;
  const settings = Setting && new Set(Setting.map((name) => settingGiven(call, name)));
  const ranges = RemoteIPRanges && rangesOf(RemoteIPRanges, call.spell('RemoteIPRanges'));
  if (!settings && !ranges) return () => true;
  return ({ setting, override }) =>
    setting ? settings?.has(setting.Setting) === true : ranges ? isOf(override!, ranges) : settings!.has('Overrides');
}

function isOf({ RemoteIPRange }: StoredOverride, ranges: readonly IpRange[]): boolean {
  const range = parseRange(RemoteIPRange);
  return ranges.some((one) => one.same(range));
}

/** Also for what was temporary and is not when the change is written, as others were faster. */
export function nothingTemporary(identity: string): CmdletError {
  return new CmdletError(`Nothing that '${identity}' means is temporary now. What is: rc temporary`, {
    id: 'NothingTemporary',
    category: 'ObjectNotFound',
    target: identity,
  });
}

/** What a change made temporary, each with its connector. @throws StoreError for a change that is not kept */
function begunBy({ store }: Context, generation: number): ReadonlySet<string> {
  const begun = new Set<string>();
  for (const { guid, settings } of store.generations().entry(generation).changes) {
    const ends = (side: 'from' | 'to') =>
      endsIn({ Temporary: settings.Temporary?.[side], Overrides: settings.Overrides?.[side] });
    const before = ends('from');
    for (const [what, until] of ends('to')) if (before.get(what) !== until) begun.add(`${guid} ${what}`);
  }
  return begun;
}

/** Ends as a change holds them: its settings are not beside them. */
function endsIn({ Temporary, Overrides }: { Temporary: unknown; Overrides: unknown }): Map<string, string> {
  const settings = temporaryIn(Temporary).map(({ Setting, Until }) => [Setting, Until] as const);
  return new Map([...settings, ...endsOf({ Overrides }).map(({ what, until }) => [what, until] as const)]);
}

/** @throws CmdletError (usage) */
function settingGiven({ spell }: Asking, name: string): SettingName | 'Overrides' {
  if (/^overrides?$/i.test(name)) return 'Overrides';
  const known = settingNamed(name);
  if (known === undefined) throw usage(`${spell('Setting')}: ${show(name)} is no setting of a connector.`);
  return known as SettingName;
}

export function temporaryObject(draft: Draft, stored: StoredConnector, { setting, override, until }: End): PsObject {
  const values = setting ? settingValues(draft, stored, setting) : limitValues(override!);
  return new PsObject('TemporaryChange', { Identity: draft.identity(stored), ...values, Until: new Date(until) });
}

function settingValues(draft: Draft, stored: StoredConnector, one: TemporarySetting): Record<string, Value> {
  const { kind, ...setting } = SETTINGS[one.Setting];
  const site = draft.servers.of(stored);
  const value = (json: unknown): Value =>
    (json === undefined ? defaultIn({ kind, ...setting }, site) : kind.parse(json)) as Value;
  return { Setting: one.Setting, Value: value(one.Value), Before: value(one.Before) };
}

function limitValues(one: StoredOverride): Record<string, Value> {
  const Before = one.Before ? limitTexts(one.Before) : [];
  return { Setting: 'Overrides', RemoteIPRange: one.RemoteIPRange, Value: limitTexts(one), Before };
}
