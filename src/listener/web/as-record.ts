/** What a browser sent, as something that has names. */
import { isRecord } from '../../text/is-record.ts';
import { BadRequest } from '../http/request-body.ts';

/** @throws BadRequest */
export function asRecord(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw new BadRequest(`${what} is not an object.`);
  return value;
}
