/** Accepted domains, users and the like: found by name, GUID or wildcard, one after the other, from -Identity or the pipeline. */

import { isGuid } from '../domain/connector.ts';
import { identityMatcher } from '../domain/identity.ts';
import type { Call } from '../pipeline/cmdlet.ts';
import type { Context } from '../pipeline/context.ts';
import { CmdletError, usage } from '../pipeline/error.ts';
import type { Parameter } from '../pipeline/parameter.ts';
import { PsObject, printed, type Value } from '../pipeline/value.ts';
import type { Draft } from '../store/draft.ts';
import { show } from '../text/printable.ts';
import { escapeWildcard, sameText } from '../text/wildcard.ts';
import { notFound, reported } from './connectors/connector-object.ts';

interface NamedObject {
  readonly Name: string;
  readonly Guid: string;
}

/** A list of the store's document whose members have names. */
export interface NamedKind<T extends NamedObject> {
  list(draft: Draft): readonly T[];
  /** The list in the document replaced. */
  put(draft: Draft, list: readonly T[]): void;
  /** Another name that finds it. */
  other?(item: T): string;
}

export function identityParameter(what: string, completes?: Parameter['completes']) {
  return {
    name: 'Identity',
    type: 'strings',
    position: 0,
    rest: true,
    pipeline: true,
    completes,
    placeholder: 'NAME',
    help: `The ${what}: its name or GUID; wildcards (* ? [a-z]) find several. Quote wildcards in a shell.`,
  } as const satisfies Parameter;
}

type IdentityParameter = ReturnType<typeof identityParameter>;

/** Those a call means. One that is not found is an error of its own; a wildcard that finds nothing gives nothing. */
export async function* meant<T extends NamedObject>(
  call: Call<IdentityParameter>,
  kind: NamedKind<T>,
): AsyncGenerator<T> {
  const { arguments: args, context, input } = call;
  if (args.Identity !== undefined) {
    for (const identity of args.Identity) yield* found(context, kind, identity);
    return;
  }
  if (!input) throw usage(`${call.cmdlet.name} needs a name, or objects piped into it.`);
  for await (const piped of input) yield* found(context, kind, piped);
}

function* found<T extends NamedObject>(context: Context, kind: NamedKind<T>, identity: Value): Generator<T> {
  yield* reported(context, identity, () => matching(context, kind, identity));
}

/** @throws CmdletError when a plain name finds nothing */
function matching<T extends NamedObject>(context: Context, kind: NamedKind<T>, identity: Value): readonly T[] {
  const { draft } = context.statement;
  const text = identityOf(identity);
  // `*.contoso.com` is a domain's own name before it is a wildcard.
  const exact = kind
    .list(draft)
    .filter((item) => sameText(item.Name, text) || sameText(kind.other?.(item) ?? '', text));
  if (exact.length && typeof identity === 'string') return exact;
  const matcher = identityMatcher(text);
  const { name } = draft.document.server;
  const items = kind.list(draft).filter((item) => {
    const other = kind.other?.(item);
    return matcher.matches(item, name) || (other !== undefined && matcher.matches({ ...item, Name: other }, name));
  });
  if (!items.length && !matcher.isPattern) {
    const names = kind.list(draft).flatMap((item) => [item.Name, kind.other?.(item) ?? []].flat());
    throw notFound(context, text, names);
  }
  return items;
}

function identityOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof PsObject) {
    const guid = printed(value.get('Guid'));
    if (isGuid(guid)) return guid;
    const named = value.get('Name') ?? value.get('Identity');
    if (typeof named === 'string' && named !== '') return escapeWildcard(named);
  }
  throw new CmdletError(`The piped object ${show(printed(value))} has no Guid, Name or Identity.`, {
    id: 'PipelineObjectWithoutIdentity',
  });
}

/** Puts `next` in the place of the one with its Guid, or at the end. */
export function put<T extends NamedObject>(draft: Draft, kind: NamedKind<T>, next: T): void {
  const list = kind.list(draft);
  const at = list.findIndex((item) => item.Guid === next.Guid);
  kind.put(draft, at < 0 ? [...list, next] : list.with(at, next));
}

/** The one with this Guid as the draft has it now. @throws CmdletError when somebody else removed it */
export function current<T extends NamedObject>(draft: Draft, kind: NamedKind<T>, item: T): T {
  const now = kind.list(draft).find((one) => one.Guid === item.Guid);
  if (now) return now;
  throw new CmdletError(`"${item.Name}" was removed by somebody else in the meantime.`, {
    id: 'ManagementObjectNotFound',
    category: 'ObjectNotFound',
    target: item.Name,
  });
}
