/** A table whose keys are several names, with blanks between them, by each of these names. */
export function byName<T>(table: Readonly<Record<string, T>>): Map<string, T> {
  return new Map(Object.entries(table).flatMap(([names, value]) => names.split(' ').map((name) => [name, value])));
}
