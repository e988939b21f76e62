/**
 * What of a connector ends by itself, and what it is then: a setting that is put back, an override that is taken away or is again what
 * it was. Pure. (docs/temporary.md)
 */
import { sameJson } from './catalogue.ts';
import type { Json } from './kind.ts';
import { limitsText, type StoredOverride } from './override.ts';
import type { SettingName } from './settings.ts';
import { type Stored, type TemporarySetting, temporaryOf, withoutOver, withTemporary } from './temporary.ts';

/** One thing that ends: a setting, or an override. */
export interface End {
  /** `MaxHopCount`, `override of 10.1.2.3`: no two of a connector are the same. */
  readonly what: string;
  /** ISO 8601, UTC. */
  readonly until: string;
  readonly setting?: TemporarySetting;
  readonly override?: StoredOverride;
}

/** What ended of a connector; of an override that is gone there is no `before`. */
export interface Ended {
  readonly what: string;
  readonly value: Json | undefined;
  readonly before: Json | undefined;
  readonly setting: SettingName | undefined;
}

/** The overrides as they stand, which may be wrong: who validates says so. */
function overridesOf({ Overrides }: Stored): readonly StoredOverride[] {
  return Array.isArray(Overrides) ? (Overrides as StoredOverride[]) : [];
}

/** All that ends of a stored connector: its settings first. */
export function endsOf(stored: Stored): readonly End[] {
  if (stored.Temporary === undefined && stored.Overrides === undefined) return [];
  return [
    ...temporaryOf(stored).map((setting) => ({ what: setting.Setting, until: setting.Until, setting })),
    ...overridesOf(stored).flatMap((override) =>
      override.Until === undefined ? [] : [{ what: overrideName(override), until: override.Until, override }],
    ),
  ];
}

function overrideName({ RemoteIPRange }: StoredOverride): string {
  return `override of ${RemoteIPRange}`;
}

/** Milliseconds since 1970 of the first end of a connector; infinity when nothing of it ends. */
export function firstEnd(stored: Stored): number {
  return Math.min(Number.POSITIVE_INFINITY, ...endsOf(stored).map(({ until }) => Date.parse(until)));
}

/**
 * The connector with other ends.
 * @param ends by what ends: the new end, ISO 8601; `undefined`: it stays as it is now. What is not in it keeps its end.
 */
export function withEnds<T extends Stored>(stored: T, ends: ReadonlyMap<string, string | undefined>): T {
  const list = temporaryOf(stored).flatMap((one) => {
    if (!ends.has(one.Setting)) return [one];
    const until = ends.get(one.Setting);
    return until === undefined ? [] : [{ ...one, Until: until }];
  });
  const overrides = overridesOf(stored).map((one) => {
    const what = overrideName(one);
    if (one.Until === undefined || !ends.has(what)) return one;
    const { Until, Before, ...kept } = one;
    const until = ends.get(what);
    return until === undefined ? kept : { ...one, Until: until };
  });
  return { ...withTemporary(stored, list), ...(overrides.length ? { Overrides: overrides } : {}) };
}

/** What an override is when its time has come; `undefined` when it is gone then. */
export function overrideAfter({ RemoteIPRange, Before }: StoredOverride): StoredOverride | undefined {
  return Before && { RemoteIPRange, ...Before };
}

/** The connector after everything of it that ends by `now`, and what that was. Nothing else is changed, dates neither. */
export function ended<T extends Stored>(
  stored: T,
  now: number,
): { readonly stored: T; readonly ended: readonly Ended[] } {
  const over = endsOf(stored).filter(({ until }) => Date.parse(until) <= now);
  if (!over.length) return { stored, ended: [] };
  const next: Record<string, unknown> = { ...stored };
  const gone = new Set<StoredOverride>();
  const told = over.map(({ what, setting, override }): Ended => {
    if (setting) {
      if (setting.Before === undefined) delete next[setting.Setting];
      else next[setting.Setting] = setting.Before;
      return { what, setting: setting.Setting, value: setting.Value, before: setting.Before };
    }
    gone.add(override!);
    const after = overrideAfter(override!);
    return {
      what,
      setting: undefined,
      value: after && limitsText(override!),
      before: after && limitsText(after),
    };
  });
  if (gone.size) {
    const left = overridesOf(stored).flatMap((one) => (gone.has(one) ? (overrideAfter(one) ?? []) : [one]));
    if (left.length) next.Overrides = left;
    else delete next.Overrides;
  }
  return { stored: withoutOver(next) as T, ended: told };
}

/** Did overrides only end, between two states of the list, by `now`? */
export function overridesEnded(before: Json | undefined, after: Json | undefined, now: number): boolean {
  const [was, is] = [overridesOf({ Overrides: before }), overridesOf({ Overrides: after })];
  const has = (list: readonly unknown[], one: unknown) => list.some((other) => sameJson(one, other));
  const gone = was.filter((one) => !has(is, one));
  return (
    gone.every(({ Until }) => Date.parse(String(Until)) <= now) &&
    is.every((one) => has(was, one) || has(gone.map(overrideAfter), one))
  );
}
