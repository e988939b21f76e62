/** Objects as `--output json` and `ndjson` write them for machines: with figures beside what only people can compare. */
import { machineForm } from '../domain/machine-form.ts';
import { PsObject, type Value } from '../pipeline/value.ts';

/** The object with each machine form right behind its property, objects within it too. */
export function withMachineForms(value: Value): Value {
  if (Array.isArray(value)) return (value as readonly Value[]).map(withMachineForms);
  if (!(value instanceof PsObject)) return value;
  const properties: Record<string, Value> = {};
  for (const name in value.properties) {
    const own = value.properties[name] ?? null;
    define(properties, name, withMachineForms(own));
    const form = machineForm(name, own);
    if (form && !Object.hasOwn(value.properties, form[0])) define(properties, form[0], form[1]);
  }
  return new PsObject(value.type, properties);
}

/** Each object with its machine forms, for who chooses among them. */
export async function* eachWithMachineForms(values: AsyncIterable<Value>): AsyncGenerator<Value> {
  for await (const value of values) yield withMachineForms(value);
}

/** A property may be called `__proto__`. */
function define(object: Record<string, Value>, name: string, value: Value): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
