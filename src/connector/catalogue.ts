/**
 * What every catalogue of settings can do, whatever its rows: read what is stored (defaults filled in, every problem
 * reported), and make edits (replace, or add to and take from a list) that leave out what equals the default.
 */
import { type Json, sameKey } from './kind.ts';
import type { Setting, Site } from './settings.ts';
import { nearest } from './suggest.ts';
import { Flags, type SettingValue } from './value.ts';
import { ValueError } from './value-error.ts';

export type Catalogue = Readonly<Record<string, Setting>>;

/** Takes a problem, with the key it is about. */
export type Report = (key: string, message: string) => void;

/** A change to one setting: a new value, or elements to add to and take from its list. */
export type Edit =
  | { readonly replace: unknown }
  | { readonly add: readonly unknown[]; readonly remove: readonly unknown[] };

export function defaultIn(setting: Setting, site: Site): SettingValue {
  return typeof setting.default === 'function' ? setting.default(site) : setting.default;
}

/** Every setting with its value; a value that cannot be is reported and its default taken. Keys outside the catalogue and `others` are reported. */
export function readSettings(
  catalogue: Catalogue,
  stored: Readonly<Record<string, unknown>>,
  site: Site,
  report: Report,
  others: ReadonlySet<string> = new Set(),
): Record<string, SettingValue> {
  const values: Record<string, SettingValue> = {};
  for (const [name, setting] of Object.entries(catalogue)) {
    values[name] = defaultIn(setting, site);
    if (stored[name] === undefined) continue;
    try {
      values[name] = setting.kind.parse(stored[name]);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      report(name, error.message);
    }
  }
  for (const key of Object.keys(stored)) {
    if (Object.hasOwn(catalogue, key) || others.has(key)) continue;
    const close = nearest(key, Object.keys(catalogue));
    report(key, `is not a setting${close ? `; did you mean ${close}?` : ''}`);
  }
  return values;
}

/** What is stored with the edits made; values that equal the default are left out, bad ones go to `report`. */
export function editSettings(
  catalogue: Catalogue,
  stored: Readonly<Record<string, unknown>>,
  edits: ReadonlyMap<string, Edit>,
  site: Site,
  report: Report,
): Record<string, unknown> {
  const next: Record<string, unknown> = { ...stored };
  for (const [name, edit] of edits) {
    const setting = catalogue[name]!;
    try {
      const json = setting.kind.store(edited(name, setting, edit, stored[name], site));
      if (sameJson(json, setting.kind.store(defaultIn(setting, site)))) delete next[name];
      else next[name] = json;
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      report(name, error.message);
    }
  }
  return next;
}

function edited(name: string, setting: Setting, edit: Edit, current: unknown, site: Site): SettingValue {
  const { kind } = setting;
  if ('replace' in edit) return kind.parse(edit.replace);
  const now = current === undefined ? defaultIn(setting, site) : kind.parse(current);
  if (!Array.isArray(now) && !(now instanceof Flags))
    throw new ValueError(name, 'is not a list', '--add-… and --remove-… on lists only');
  const element = kind.element ?? kind;
  const removed = new Set(edit.remove.map((item) => sameKey(kind.element ? element.parse(item) : item)));
  const kept = (Array.isArray(now) ? now : (now as Flags).names).filter((item) => !removed.has(sameKey(item)));
  return kind.parse([...kept, ...edit.add]);
}

export function sameJson(a: Json | unknown, b: Json | unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
