/**
 * Limits of one address or range of a connector, in the place of the connector's own: more for a scanner, none for a gateway
 * (`Unlimited`), fewer for a nuisance. The most specific range that holds a source wins; a limit that its override does not name is the
 * connector's. Pure. (docs/temporary.md, docs/decisions/0202)
 */
import type { Json } from './kind.ts';
import { parseRange } from './range.ts';
import type { Setting } from './setting.ts';
import { SETTINGS, type SettingName, type Settings } from './settings.ts';
import { isMoment } from './temporary.ts';
import type { IpRange } from './value.ts';
import { ValueError } from './value-error.ts';

/** What can be another for one source: the limits that count by source, and how many recipients a message of his may have. */
export const OVERRIDABLE = [
  'MaxInboundConnectionPerSource',
  'MaxInboundConnectionPercentagePerSource',
  'MaxInboundConnectionRatePerSource',
  'MessageRateLimit',
  'MaxRecipientsPerMessage',
] as const satisfies readonly SettingName[];
type Overridable = (typeof OVERRIDABLE)[number];
/** Their rows of the catalogue. */
export const OVERRIDABLE_SETTINGS: Readonly<Record<string, Setting>> = Object.fromEntries(
  OVERRIDABLE.map((name) => [name, SETTINGS[name]]),
);

/** Limits, and why, without an end. */
export interface LastingOverride {
  readonly Comment?: string;
  readonly [limit: string]: Json | undefined;
}

/** An override as it stands in a store: a range, the limits that are other ones for it, why, and until when. */
export interface StoredOverride {
  readonly RemoteIPRange: string;
  readonly Comment?: string;
  /** ISO 8601, UTC; it is taken away then, or is what it was before. */
  readonly Until?: string;
  /** The limits and the comment that it had for good, and has again then. */
  readonly Before?: LastingOverride;
  readonly [limit: string]: Json | LastingOverride | undefined;
}

export interface Override {
  readonly stored: StoredOverride;
  readonly range: IpRange;
  readonly limits: Partial<Pick<Settings, Overridable>>;
}

const NONE: readonly Override[] = [];
const OTHERS: ReadonlySet<string> = new Set(['RemoteIPRange', 'Comment', 'Until', 'Before']);

/** The overrides of a stored connector, the most specific first. @param report hears of what cannot be */
export function readOverrides(input: unknown, report: (key: string, message: string) => void): readonly Override[] {
  if (input === undefined) return NONE;
  if (!Array.isArray(input)) {
    report('Overrides', 'is not a list of {RemoteIPRange, a limit or more, Comment, Until}');
    return NONE;
  }
  const overrides = input.flatMap((one, i) => read(one, (message) => report('Overrides', `[${i}]: ${message}`)) ?? []);
  const seen = new Set<string>();
  const twice = overrides.find(
    ({ range: { family, low, high } }) => seen.size === seen.add(`${family} ${low} ${high}`).size,
  );
  if (twice) report('Overrides', `${twice.range} stands twice`);
  return overrides.sort((a, b) => (a.range.size < b.range.size ? -1 : a.range.size > b.range.size ? 1 : 0));
}

function read(input: unknown, problem: (message: string) => void): Override | undefined {
  if (typeof input !== 'object' || input === null) {
    problem('is not an object');
    return undefined;
  }
  const stored = input as StoredOverride;
  try {
    const limits = limitsIn(stored, stored.RemoteIPRange, OTHERS);
    if (stored.Until !== undefined && !isMoment(stored.Until))
      throw new ValueError(stored.Until, 'is no date', '2026-11-29T18:00:00Z');
    if (stored.Before !== undefined) checkBefore(stored);
    return { stored, range: parseRange(stored.RemoteIPRange), limits };
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    problem(error.message);
    return undefined;
  }
}

/** @throws ValueError */
function limitsIn(given: object, what: unknown, others: ReadonlySet<string>): Override['limits'] {
  const limits: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    if (isOverridable(key)) limits[key] = SETTINGS[key].kind.parse(value);
    else if (!others.has(key)) throw new ValueError(key, 'is no limit of one source', OVERRIDABLE.join(', '));
  }
  if (!Object.keys(limits).length) throw new ValueError(what, 'has no limit', OVERRIDABLE.join(', '));
  return limits;
}

/** @throws ValueError */
function checkBefore({ Before, Until, RemoteIPRange }: StoredOverride): void {
  if (typeof Before !== 'object' || Before === null || Until === undefined)
    throw new ValueError('Before', 'cannot be so', 'the limits that come back, beside an Until');
  limitsIn(Before, `Before of ${RemoteIPRange}`, new Set(['Comment']));
}

function isOverridable(key: string): key is Overridable {
  return (OVERRIDABLE as readonly string[]).includes(key);
}

/** What this reads of a connector. */
interface Overridden extends Settings {
  readonly Overrides: readonly Override[];
  /** The override that these settings are by. */
  readonly Override?: Override;
}

interface Kept {
  /** Who was asked about last: a connection asks several times. */
  source: string;
  settings: Overridden;
  readonly by: Map<Override, Overridden>;
}

const known = new WeakMap<Overridden, Kept>();

/**
 * The connector as it is for one source: itself, or with the limits of the override that decides.
 * @param source an address, or the network that counts as one source. Of one that holds several the most specific override of any
 * address in it decides, as they count together.
 */
export function settingsFor<C extends Overridden>(connector: C, source: string): C {
  if (!connector.Overrides.length || source === '') return connector;
  let kept = known.get(connector);
  if (kept?.source === source) return kept.settings as C;
  if (!kept) {
    kept = { source, settings: connector, by: new Map() };
    known.set(connector, kept);
  }
  const override = overrideFor(connector, source);
  const settings = override ? (kept.by.get(override) ?? withLimits(connector, override)) : connector;
  if (override) kept.by.set(override, settings);
  kept.source = source;
  kept.settings = settings;
  return settings as C;
}

function withLimits(connector: Overridden, override: Override): Overridden {
  const { limits } = override;
  // A count that is given for the source alone is meant as it stands: no percentage takes from it.
  const whole =
    limits.MaxInboundConnectionPerSource !== undefined && limits.MaxInboundConnectionPercentagePerSource === undefined
      ? { MaxInboundConnectionPercentagePerSource: 100 }
      : {};
  return { ...connector, ...whole, ...limits, Override: override };
}

/** The override that decides for a source, if one does. */
export function overrideFor({ Overrides }: Pick<Overridden, 'Overrides'>, source: string): Override | undefined {
  if (!Overrides.length) return undefined;
  try {
    const range = parseRange(source);
    return Overrides.find((one) => one.range.overlaps(range));
  } catch {
    return undefined; // no address
  }
}

/** `10.1.2.3: MaxInboundConnectionPerSource Unlimited, until …` */
export function overrideText(stored: StoredOverride, end: (until: string) => string): string {
  const until = stored.Until === undefined ? '' : ` until ${end(stored.Until)}`;
  return `${stored.RemoteIPRange}: ${limitsText(stored)}${until}${stored.Before ? `, then ${limitsText(stored.Before)}` : ''}`;
}

/** `MaxInboundConnectionPerSource Unlimited, MessageRateLimit 5` */
export function limitsText(limits: Readonly<Record<string, unknown>>): string {
  return limitTexts(limits).join(', ');
}

export function limitTexts(limits: Readonly<Record<string, unknown>>): string[] {
  return OVERRIDABLE.filter((name) => limits[name] !== undefined).map((name) => `${name} ${limits[name]}`);
}
