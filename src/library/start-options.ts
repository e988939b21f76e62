/** What `startListener` is given, looked at before anything is made: a word that is misspelt would mean nothing, and nobody would be told. */

import { isIP } from 'node:net';
import { isRecord } from '../text/is-record.ts';
import { show } from '../text/printable.ts';
import { nearest } from '../text/suggest.ts';
import type { StartOptions } from './library-types.ts';
import { ListenerError } from './listener-error.ts';

const KEYS: readonly (keyof StartOptions)[] = [
  'connectors',
  'port',
  'host',
  'users',
  'acceptedDomains',
  'transport',
  'home',
];
const TABLES = ['connectors', 'users', 'transport'] as const;

/** @throws ListenerError with what is allowed */
export function checkedOptions(options: unknown): StartOptions {
  const given = table(options, 'What startListener is given');
  const odd = Object.keys(given).find((key) => !(KEYS as readonly string[]).includes(key));
  if (odd !== undefined) {
    const close = nearest(odd, KEYS);
    throw new ListenerError(
      `startListener has no option ${show(odd)}; ${close ? `did you mean ${close}? It` : 'it'} has ${KEYS.join(', ')}.`,
    );
  }
  const { port, host, home, acceptedDomains, connectors } = given;
  for (const key of TABLES) if (given[key] !== undefined) table(given[key], `The option ${key}`);
  for (const [name, settings] of Object.entries(connectors ?? {}))
    table(settings, `What is set of connector ${show(name)}`);
  if (connectors && !Object.keys(connectors as object).length)
    throw new ListenerError(
      'The option connectors has no connector; leave it out for one named Default, or name one: { Default: {} }.',
    );
  if (port !== undefined && !(Number.isInteger(port) && (port as number) >= 0 && (port as number) <= 65_535))
    throw new ListenerError(`The option port is ${show(port)}; allowed: 1 to 65535, or 0 for any that is free.`);
  if (host !== undefined && !(typeof host === 'string' && isIP(host)))
    throw new ListenerError(`The option host is ${show(host)}; allowed: an address, such as 127.0.0.1 or ::1.`);
  if (home !== undefined && !(typeof home === 'string' && home !== ''))
    throw new ListenerError(`The option home is ${show(home)}; allowed: the path of a folder.`);
  if (acceptedDomains !== undefined && !Array.isArray(acceptedDomains))
    throw new ListenerError(
      `The option acceptedDomains is ${show(acceptedDomains)}; allowed: a list, such as ['contoso.test'].`,
    );
  return given as StartOptions;
}

function table(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value;
  throw new ListenerError(`${what} has to be an object, not ${value === null ? 'null' : show(value)}.`);
}
