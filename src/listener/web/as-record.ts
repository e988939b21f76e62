/** What a browser sent, as something that has names. */
import { BadRequest } from '../http/request-body.ts';

/** @throws BadRequest */
export function asRecord(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadRequest(`${what} is not an object.`);
  return value as Record<string, unknown>;
}
