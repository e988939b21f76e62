/** Changes as rows a person reads: one a setting, with what it was and what it is; a default is shown as its value. */
import { defaultIn, sameJson } from '../domain/catalogue.ts';
import { orderKeys } from '../domain/connector.ts';
import type { Json } from '../domain/kind.ts';
import { limitsText, overrideText, type StoredOverride } from '../domain/override.ts';
import type { Servers } from '../domain/servers.ts';
import type { Setting, Site } from '../domain/setting.ts';
import { SETTINGS } from '../domain/settings.ts';
import { endText, temporaryIn } from '../domain/temporary.ts';
import { TRANSPORT_SETTINGS } from '../domain/transport-settings.ts';
import type { ObjectChange, ObjectKind } from '../store/difference.ts';
import { isFingerprint } from '../store/secrets.ts';

export interface ChangeRow {
  readonly kind: ObjectKind;
  readonly name: string;
  readonly change: 'new' | 'set' | 'removed' | 'order';
  readonly setting: string;
  /** `null`: there was none. */
  readonly before: Json;
  readonly after: Json;
  /** The end of what it is after the change, where it is temporary: ISO 8601. */
  readonly until?: string;
  /** That of what it was before. */
  readonly untilBefore?: string;
}

/** Keys that say when and under which number an object was made: noise beside its settings. */
const BOOKKEEPING = new Set(['Guid', 'WhenCreated', 'WhenChanged', 'Temporary']);

function settingOf(kind: ObjectKind, name: string): Setting | undefined {
  const catalogue: Readonly<Record<string, Setting>> =
    kind === 'ReceiveConnector' ? SETTINGS : kind === 'TransportService' ? TRANSPORT_SETTINGS : {};
  return Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
}

/** What a setting that is not stored amounts to. */
function defaultJson(kind: ObjectKind, name: string, site: Site): Json {
  const setting = settingOf(kind, name);
  return setting ? setting.kind.store(defaultIn(setting, site)) : null;
}

/** What it is about, as short as it can be said: another server's connector with its server. */
export function changeName({ kind, name, server }: ObjectChange): string {
  return server !== undefined && kind === 'ReceiveConnector' && name !== '' ? `${server}\\${name}` : name;
}

/** One row a setting. For new and removed objects, every setting they have or had. */
export function rowsOf(change: ObjectChange, servers: Servers): ChangeRow[] {
  const { kind } = change;
  const name = changeName(change);
  const site = servers.of({ Server: change.server });
  if (change.change === 'order')
    return [{ kind, name: '', change: 'order', setting: '(order of the list)', before: null, after: null }];
  const ends = endsIn(change);
  const rows = Object.entries(orderKeys(change.settings as Record<string, unknown>) as typeof change.settings)
    .filter(
      ([setting]) =>
        setting !== 'Temporary' &&
        (change.change === 'set' || !(BOOKKEEPING.has(setting) || setting === 'Name' || setting === 'Server')),
    )
    .map(([setting, { from, to }]): ChangeRow => {
      const until = ends.get(setting)?.until;
      return {
        kind,
        name,
        change: change.change,
        setting,
        before: from ?? (change.change === 'set' ? defaultJson(kind, setting, site) : null),
        after: to ?? (change.change === 'set' ? defaultJson(kind, setting, site) : null),
        ...(until === undefined ? {} : { until }),
      };
    });
  // What keeps its value and ends later, earlier, or no more.
  for (const [setting, { value, ...of }] of change.change === 'set' ? ends : []) {
    if (setting in change.settings) continue;
    const known = value ?? defaultJson(kind, setting, site);
    rows.push({ kind, name, change: 'set', setting, before: known, after: known, ...of });
  }
  return rows;
}

interface EndChange {
  readonly value: Json | undefined;
  readonly until?: string;
  readonly untilBefore?: string;
}

/** The settings whose end came, went or is another one, by name. */
function endsIn({ settings }: ObjectChange): ReadonlyMap<string, EndChange> {
  const { from, to } = settings.Temporary ?? {};
  const known = new Map<string, EndChange>();
  for (const { Setting, Until, Value } of temporaryIn(from)) known.set(Setting, { value: Value, untilBefore: Until });
  for (const { Setting, Until, Value } of temporaryIn(to)) {
    const before = known.get(Setting);
    if (before?.untilBefore === Until) known.delete(Setting);
    else known.set(Setting, { ...before, value: Value, until: Until });
  }
  return known;
}

/** From one state of an override to another: what is the same in both is left out. */
function overrideShift(old: StoredOverride, one: StoredOverride, end: (until: string) => string): string {
  const until = ({ Until }: StoredOverride) => (Until === undefined ? 'for good' : `until ${end(Until)}`);
  const [was, is] = [limitsText(old), limitsText(one)];
  if (was === is && old.Until !== one.Until) return `${was} ${until(old)} → ${until(one)}`;
  if (was === is) return `Comment ${valueText(old.Comment ?? '')} → ${valueText(one.Comment ?? '')}`;
  return `${was} → ${overrideText(one, end).slice(one.RemoteIPRange.length + 2)}`;
}

/** The value of what has none. */
const NONE = '—';

/** A value on one line: lists with commas, nothing as a dash. */
export function valueText(value: Json): string {
  if (value === null || value === '') return NONE;
  if (Array.isArray(value)) return value.length ? value.map((v) => valueText(v as Json)).join(', ') : '(none)';
  if (typeof value !== 'object') return String(value);
  const { User, ExtendedRights, Deny, RemoteIPRange } = value as Record<string, unknown>;
  if (typeof RemoteIPRange === 'string' && !Array.isArray(value))
    return overrideText({ ...(value as Record<string, Json>), RemoteIPRange }, endText);
  return User !== undefined && Array.isArray(ExtendedRights)
    ? `${Deny ? 'deny' : 'allow'} ${User}: ${ExtendedRights.join(' and ')}`
    : JSON.stringify(value);
}

/** A change as one line: `Relay: MaxHopCount 60 → 30`, `new Relay`, `removed Relay`. */
export function changeText(change: ObjectChange, servers: Servers): string {
  const what = change.kind === 'ReceiveConnector' ? '' : `${change.kind} `;
  if (change.change === 'new' || change.change === 'removed') return `${change.change} ${what}${changeName(change)}`;
  if (change.change === 'order') return `${what}order of the list`;
  const settings = rowsOf(change, servers).map((row) => `${row.setting} ${shifts(row).join('; ')}`);
  return `${what}${changeName(change)}: ${settings.join('; ')}`;
}

/**
 * Changes as lines to tell whoever made them: `Relay  MaxInboundConnectionPerSource  20 → 100`, `Relay  new`.
 * @param told now: how far an end is from then is told too; whole: every setting of what is new or removed as well
 */
export function changeLines(
  changes: readonly ObjectChange[],
  servers: Servers,
  { now, whole = false }: { readonly now?: Date; readonly whole?: boolean } = {},
): string[] {
  return changes.flatMap((change) => {
    const name = change.kind === 'ReceiveConnector' ? changeName(change) : `${change.kind} ${change.name}`.trim();
    if (change.change === 'new' || change.change === 'removed') {
      const values = rowsOf(change, servers).map((row) => [row.setting, valueText(row.before ?? row.after)] as const);
      const settings = values
        .filter(([, value]) => value !== NONE && !isFingerprint(value))
        .map(([name, value]) => `${name} ${value}`);
      return [`${name}  ${change.change}${whole && settings.length ? `  ${settings.join('; ')}` : ''}`];
    }
    return rowsOf(change, servers).flatMap((row) =>
      change.change === 'order'
        ? [`${change.kind}  ${row.setting}`]
        : shifts(row, now).map((text) => `${name}  ${row.setting}  ${text}`),
    );
  });
}

/** What became other in a row: of overrides a text for each range, of all else one. */
function shifts(row: ChangeRow, now?: Date): string[] {
  return row.setting === 'Overrides' ? overrideShifts(row, now) : [shift(row, now)];
}

function overrideShifts({ before, after }: ChangeRow, now?: Date): string[] {
  const isOne = (one: unknown): one is StoredOverride =>
    typeof (one as Partial<StoredOverride> | null)?.RemoteIPRange === 'string';
  const [was, is] = [before, after].map((list) => (Array.isArray(list) ? list.filter(isOne) : []));
  const end = (until: string) => endText(until, now);
  const text = (one: StoredOverride) => overrideText(one, end);
  const rangeOf = ({ RemoteIPRange }: StoredOverride) => RemoteIPRange;
  const gone = was!.filter((one) => !is!.some((other) => rangeOf(other) === rangeOf(one)));
  const texts = is!.flatMap((one) => {
    const old = was!.find((other) => rangeOf(other) === rangeOf(one));
    if (!old) return [`+${text(one)}`];
    if (sameJson(old as Json, one as Json)) return [];
    return [`${rangeOf(one)}: ${overrideShift(old, one, end)}`];
  });
  return [...texts, ...gone.map((one) => `−${text(one)}`)];
}

/** Lists show what came and went, everything else before and after. */
function shift({ before, after, until, untilBefore }: ChangeRow, now?: Date): string {
  const end = until === undefined ? '' : ` until ${endText(until, now)}`;
  if (untilBefore !== undefined)
    return `${valueText(before)} until ${endText(untilBefore)} → ${valueText(after)}${end}`;
  if ([before, after].some(Array.isArray) && [before, after].every((one) => one === null || Array.isArray(one))) {
    const [was, is] = [before, after].map((list) =>
      Array.isArray(list) ? list.map((item) => valueText(item as Json)) : [],
    );
    const gone = was!.filter((item) => !is!.includes(item)).map((item) => `−${item}`);
    const came = is!.filter((item) => !was!.includes(item)).map((item) => `+${item}`);
    if (gone.length + came.length) return [...came, ...gone].join(' ') + end;
  }
  return `${valueText(before)} → ${valueText(after)}${end}`;
}
