/**
 * What every catalogue of settings can do, whatever its rows: read what is stored (defaults filled in, every problem
 * reported), and make edits (replace, or add to and take from a list) that leave out what equals the default.
 */

import { didYouMean } from '../text/suggest.ts';
import { type Json, sameKey } from './kind.ts';
import type { Setting, Site } from './setting.ts';
import { Flags, type Scalar, type SettingValue } from './value.ts';
import { ValueError } from './value-error.ts';

type Catalogue = Readonly<Record<string, Setting>>;

/** Takes a problem, with the key it is about. */
export type Report = (key: string, message: string) => void;

/** A change to one setting, its values parsed: a new value, or elements to add to and take from its list. */
export type Edit =
  | { readonly replace: SettingValue }
  | { readonly add: readonly Scalar[]; readonly remove: readonly Scalar[] };

/** A new value for a setting, from text, JSON or a value. @throws ValueError */
export function replaced({ kind }: Setting, input: unknown): Edit {
  return { replace: kind.parse(input) };
}

/** The elements that a text, list or set of names means. @throws ValueError for the first that cannot be */
export function elementsIn({ kind }: Setting, input: unknown): readonly Scalar[] {
  return elementsOf(kind.parse(input));
}

function elementsOf(value: SettingValue): readonly Scalar[] {
  return value instanceof Flags ? value.names : Array.isArray(value) ? value : [value as Scalar];
}

export function defaultIn(setting: Setting, site: Site): SettingValue {
  return typeof setting.default === 'function' ? setting.default(site) : setting.default;
}

/**
 * An object with these keys, to be copied (`{ ...template }`) and then filled. Objects that get their many keys one by one, or by a
 * spread with more keys behind it, are slow ones in V8: 80 µs to make and ten times slower to read. A copy of one that came out of
 * JSON.parse is neither, and a store has up to 10,000 connectors.
 */
export function template<T extends object>(keys: readonly (keyof T & string)[]): T {
  return JSON.parse(`{${keys.map((key) => `${JSON.stringify(key)}:null`).join()}}`);
}

const defaults = new WeakMap<Catalogue, { site: string; values: Record<string, SettingValue> }>();

/** Every setting at its default. To be copied, not changed. */
function defaultsOf(catalogue: Catalogue, site: Site): Record<string, SettingValue> {
  const key = `${site.server}\0${site.fqdn}`;
  let known = defaults.get(catalogue);
  if (known?.site !== key) {
    const values = template<Record<string, SettingValue>>(Object.keys(catalogue));
    for (const name of Object.keys(catalogue)) values[name] = defaultIn(catalogue[name]!, site);
    known = { site: key, values };
    defaults.set(catalogue, known);
  }
  return known.values;
}

const NONE: ReadonlySet<string> = new Set();

/** Every setting with its value; a value that cannot be is reported and its default taken. Keys outside the catalogue are reported. */
export function readSettings(
  catalogue: Catalogue,
  stored: Readonly<Record<string, unknown>>,
  site: Site,
  report: Report,
): Record<string, SettingValue> {
  const values = { ...defaultsOf(catalogue, site) };
  readInto(values, catalogue, stored, report, NONE);
  return values;
}

/** Puts what is stored over the defaults that are in `values`. Problems with values are reported before keys that are unknown. */
export function readInto(
  values: Record<string, unknown>,
  catalogue: Catalogue,
  stored: Readonly<Record<string, unknown>>,
  report: Report,
  others: ReadonlySet<string>,
): void {
  const unknown: string[] = [];
  for (const [name, given] of Object.entries(stored)) {
    if (!Object.hasOwn(catalogue, name)) {
      if (!others.has(name)) unknown.push(name);
    } else if (given !== undefined) {
      try {
        values[name] = catalogue[name]!.kind.parse(given);
      } catch (error) {
        if (!(error instanceof ValueError)) throw error;
        report(name, error.message);
      }
    }
  }
  for (const key of unknown) report(key, `is not a setting${didYouMean(key, Object.keys(catalogue))}`);
}

/**
 * Makes the edits, in what is stored and in the values it means: an edit's value goes to both as it was parsed, and nothing that
 * is stored is parsed again. In `stored` what equals its default is left out. Edits that cannot be go to `report`.
 */
export function editSettings(
  catalogue: Catalogue,
  { stored, values }: { readonly stored: Record<string, unknown>; readonly values: Record<string, unknown> },
  edits: ReadonlyMap<string, Edit>,
  site: Site,
  report: Report,
): void {
  for (const [name, edit] of edits) {
    const setting = catalogue[name]!;
    try {
      const value = edited(name, setting, edit, values[name] as SettingValue);
      const json = setting.kind.store(value);
      values[name] = value;
      if (sameJson(json, setting.kind.store(defaultIn(setting, site)))) delete stored[name];
      else stored[name] = json;
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      report(name, error.message);
    }
  }
}

function edited(name: string, { kind }: Setting, edit: Edit, now: SettingValue): SettingValue {
  if ('replace' in edit) return edit.replace;
  if (!kind.join) throw new ValueError(name, 'is not a list', '--add-… and --remove-… on lists only');
  const removed = new Set(edit.remove.map(sameKey));
  const kept = elementsOf(now).filter((item) => !removed.has(sameKey(item)));
  return kind.join([...kept, ...edit.add]);
}

export function sameJson(a: Json | unknown, b: Json | unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
