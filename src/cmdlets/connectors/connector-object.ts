/** Connectors as pipeline objects, and from identities or piped objects back to connectors. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isGuid, type StoredConnector, UNSET_IS_NULL } from '../../domain/connector.ts';
import type { Site } from '../../domain/setting.ts';
import { type Call, commandWord } from '../../pipeline/cmdlet.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { PsObject, printed, type Value } from '../../pipeline/value.ts';
import type { Draft } from '../../store/draft.ts';
import { show } from '../../text/printable.ts';
import { nearest } from '../../text/suggest.ts';
import { escapeWildcard, hasWildcard, unescapeWildcard, WildcardError } from '../../text/wildcard.ts';

export function connectorObject(draft: Draft, stored: StoredConnector): PsObject {
  const { Grants: _, Temporary: __, Overrides: ___, Override: ____, ...shown } = draft.connector(stored);
  const properties: Record<string, Value> = shown;
  for (const name of UNSET_IS_NULL) if (properties[name] === '') properties[name] = null;
  return new PsObject('ReceiveConnector', properties);
}

/**
 * The connectors that a call means, one after the other: its -Identity, else what is piped in. One that is not found is
 * an error of its own and the rest goes on; a wildcard that finds nothing gives nothing.
 */
export async function* targets(
  call: Call<{ name: 'Identity'; type: 'strings'; help: string }>,
  onServers = call.context.onServers,
): AsyncGenerator<StoredConnector> {
  const { arguments: args, context } = call;
  if (args.Identity !== undefined) {
    yield* allMeant(context, args.Identity, onServers);
    return;
  }
  if (!call.input)
    throw usage(
      `${call.cmdlet.name} needs a connector: give its name, or pipe connectors into it. For example: ${call.spelling === 'flags' ? `rc ${commandWord(call.cmdlet)}` : call.cmdlet.name} "Default*"`,
    );
  for await (const piped of call.input) yield* connectorsMeant(context, piped, onServers);
}

/** Those that several identities mean, one after the other. */
export function* allMeant(
  context: Context,
  identities: readonly string[],
  onServers = context.onServers,
): Generator<StoredConnector> {
  for (const { connectors } of meantByEach(context, identities, onServers)) yield* connectors;
}

/** The same by identity. Words that only together are a name are one error: its quotes were forgotten. */
export function* meantByEach(
  context: Context,
  identities: readonly string[],
  onServers = context.onServers,
): Generator<{ readonly identity: string; readonly connectors: Iterable<StoredConnector> }> {
  for (let at = 0; at < identities.length; at++) {
    const meant = nameInWords(context.statement.draft, identities.slice(at), onServers);
    if (meant === undefined) {
      const identity = identities[at]!;
      yield { identity, connectors: connectorsMeant(context, identity, onServers) };
      continue;
    }
    context.error(
      new CmdletError(
        `No receive connector is called '${identities[at]}'. Did you mean '${meant.name}'? A name with blanks needs quotes.`,
        { id: 'ManagementObjectNotFound', category: 'ObjectNotFound', target: meant.name },
      ),
    );
    at += meant.count - 1;
  }
}

/** The name that the first of these words begin, when none is called as the first alone: Default, VM for "Default VM", also misspelled. */
function nameInWords(
  draft: Draft,
  words: readonly string[],
  onServers: readonly Site[] | undefined,
): { name: string; count: number } | undefined {
  const [first = ''] = words;
  if (words.length < 2 || hasWildcard(first) || draft.find(first, onServers).found.length) return undefined;
  const names = draft.connectorsOf(onServers).map((c) => draft.label(c));
  const several = names.filter((name) => name.includes(' '));
  let close: { name: string; count: number } | undefined;
  for (let count = 2; count <= words.length; count++) {
    const together = words.slice(0, count).join(' ');
    if (together.length > LONGEST_NAME || hasWildcard(together)) break;
    if (draft.find(together, onServers).found.length) return { name: together, count };
    const name = nearest(together, several);
    if (name !== undefined) close ??= { name, count };
  }
  return close;
}

/** A name has at most 64 characters; SERVER\ may stand before it. */
const LONGEST_NAME = 320;

/** Those that one identity or piped object means; not found is an error of its own. */
export function* connectorsMeant(
  context: Context,
  identity: Value,
  onServers = context.onServers,
): Generator<StoredConnector> {
  yield* reported(context, identity, function* () {
    const text = identityOf(identity, context.statement.draft);
    const { draft } = context.statement;
    const { isPattern, found: connectors } = draft.find(text, onServers);
    if (!connectors.length && !isPattern) {
      const names = draft.connectorsOf(onServers).map((c) => draft.label(c));
      throw notFound(context, unescapeWildcard(text), names, onServers);
    }
    if (connectors.length > 1 && !isPattern) throw ambiguous(draft, unescapeWildcard(text), connectors);
    yield* connectors;
  });
}

/** What `work` finds for an identity; its error, or that of a wildcard which is none, is the identity's own and the rest goes on. */
export function* reported<T>(context: Context, identity: Value, work: () => Iterable<T>): Generator<T> {
  try {
    yield* work();
  } catch (error) {
    if (error instanceof WildcardError)
      context.error(
        new CmdletError(error.message, { kind: 'usage', id: 'WildcardPattern_Invalid', target: printed(identity) }),
      );
    else if (error instanceof CmdletError) context.error(error);
    else throw error;
  }
}

/** What identifies a piped object: Guid, Identity or Name (with the Server it says); a plain text is the identity itself. */
function identityOf(value: Value, { servers }: Draft): string {
  if (typeof value === 'string') return value;
  if (value instanceof PsObject) {
    const guid = printed(value.get('Guid'));
    if (isGuid(guid)) return guid;
    const server = printed(value.get('Server'));
    const name = value.get('Name');
    const whole = typeof name === 'string' && name !== '' && servers.has(server) ? `${server}\\${name}` : name;
    const named = value.get('Identity') ?? whole;
    if (typeof named === 'string' && named !== '') return escapeWildcard(named); // a name that came from an object is no pattern
  }
  const what =
    value instanceof PsObject ? show(Object.fromEntries(Object.entries(value.properties).slice(0, 3))) : show(value);
  throw new CmdletError(`The piped object ${what} has no Guid, Identity or Name, so it names no connector.`, {
    id: 'PipelineObjectWithoutIdentity',
  });
}

/** The nearest name; else the only one that begins with what was typed, or whose first word is near to it. */
function nearestName(typed: string, names: readonly string[]): string | undefined {
  const whole = nearest(typed, names);
  if (whole !== undefined) return whole;
  const wanted = typed.toLowerCase();
  const begun = names.filter((name) => name.toLowerCase().startsWith(wanted));
  const word = begun.length ? undefined : nearest(typed, new Set(names.map(firstWord)));
  const found = word === undefined ? begun : names.filter((name) => firstWord(name) === word);
  return found.length === 1 ? found[0] : undefined;
}

const firstWord = (name: string) => name.split(' ')[0]!;

/** @param names what there is: the nearest is asked for */
export function notFound(
  context: Context,
  name: string,
  names: Iterable<string> = [],
  onServers = context.onServers,
): CmdletError {
  const { servers } = context.statement.draft;
  const [first] = name.split('\\', 1);
  const named = name.includes('\\') && servers.has(first!) ? [servers.of({ Server: first })] : undefined;
  const asked = onServers ?? named ?? servers.all;
  const where = asked.length === 1 ? `'${asked[0]!.server}'` : 'any server of the store';
  const unknown =
    name.includes('\\') && !named && servers.others.length
      ? ` No server is called '${first}'; there are ${namesOf(servers.all)}.`
      : '';
  const glob =
    name !== '' && existsSync(join(context.host.cwd, name))
      ? ` A file of that name is in this folder: if you typed a wildcard, the shell replaced it with file names. Quote it: 'default*'.`
      : '';
  const close = glob === '' && name !== '' ? nearestName(name, [...names]) : undefined;
  return new CmdletError(
    `The operation couldn't be performed because object '${name}' couldn't be found on ${where}.${unknown}${close === undefined ? glob : ` Did you mean '${close}'?`}`,
    {
      id: 'ManagementObjectNotFound',
      category: 'ObjectNotFound',
      target: name,
    },
  );
}

/** A plain name that several other servers' connectors have, and none of this one's. */
function ambiguous(draft: Draft, name: string, found: readonly StoredConnector[]): CmdletError {
  const each = found.slice(0, 5).map((c) => `'${draft.identity(c)}'`);
  const more = found.length > each.length ? ', …' : '';
  return new CmdletError(
    `The operation couldn't be performed because '${name}' matches multiple entries: ${found.length} servers have a connector of that name, and ${draft.site.server}, this one, has none. Say which is meant: ${each.join(', ')}${more}; or all of them: '*\\${name}'`,
    { id: 'ManagementObjectAmbiguous', category: 'InvalidArgument', target: name },
  );
}

function namesOf(sites: readonly Site[]): string {
  return sites.length > 20 ? `${sites.length} others` : sites.map(({ server }) => server).join(', ');
}
