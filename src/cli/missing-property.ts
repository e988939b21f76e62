/** A property asked for by --select that no object has: an empty column as in PowerShell, and a word about it on stderr. */

import { besideWhich } from '../domain/machine-form.ts';
import { PsObject, type Value } from '../pipeline/value.ts';
import { show } from '../text/printable.ts';
import { nearest } from '../text/suggest.ts';
import { hasWildcard, Wildcard } from '../text/wildcard.ts';

/** Gives the objects on unchanged; when there were some and none had a wanted property, warns at the end. */
export async function* warnMissing(
  objects: AsyncIterable<Value>,
  wanted: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Value> {
  const missing = new Set(wanted.map((name) => name.trim()).filter(Boolean));
  const known = new Set<string>();
  for await (const object of objects) {
    if (object instanceof PsObject) {
      for (const name of missing) if (hasProperty(object, name)) missing.delete(name);
      if (missing.size) for (const name of Object.keys(object.properties)) known.add(name);
    }
    yield object;
  }
  if (!known.size) return;
  for (const name of missing) {
    if (hasWildcard(name)) warn(`No property matches ${show(name)}.`);
    else {
      const beside = besideWhich(name, (property) => known.has(property));
      const close = nearest(name, known);
      const hint = beside
        ? ` It stands beside ${beside} with --output json or ndjson.`
        : close
          ? ` Did you mean ${close}?`
          : '';
      warn(`There is no property ${show(name)}; its column is empty.${hint}`);
    }
  }
}

function hasProperty(object: PsObject, name: string): boolean {
  if (!hasWildcard(name)) return object.nameOf(name) !== undefined;
  const pattern = new Wildcard(name);
  return Object.keys(object.properties).some((key) => pattern.matches(key));
}
