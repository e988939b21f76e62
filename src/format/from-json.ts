/** JSON from a pipe back to objects. */
import { PsObject, type Value } from '../cmdlet/value.ts';

export function fromJson(parsed: unknown): Value {
  if (Array.isArray(parsed)) return parsed.map(fromJson);
  if (typeof parsed === 'object' && parsed !== null) {
    return new PsObject(
      'Object',
      Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, fromJson(value)])),
    );
  }
  return parsed as Value;
}
