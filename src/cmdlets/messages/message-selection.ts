/** The messages of the Maildir that a cmdlet means. */
import { listMessages, type MaildirEntry, readMessage } from '../../messages/maildir-reader.ts';
import { parseMessage } from '../../messages/message.ts';
import { type Found, identityTest, messagesThatFit } from '../../messages/message-filter.ts';
import type { Arguments } from '../../pipeline/parameter.ts';
import { elementsOf, PsObject, printed, type Value } from '../../pipeline/value.ts';
import type { SELECTION } from './message-parameters.ts';

type Selection = Arguments<(typeof SELECTION)[number]>;

interface Order {
  /** Ids to pass over: of all that were looked at before. */
  readonly looked?: Set<string> | undefined;
  readonly newestFirst?: boolean;
}

/** Messages that fit, oldest first unless asked otherwise, each read when its turn comes. */
export async function* messagesMeant(
  folder: string,
  selection: Selection,
  { looked, newestFirst = false }: Order = {},
): AsyncGenerator<Found> {
  const isMeant = identityTest(selection.Identity === undefined ? undefined : identitiesOf(selection.Identity));
  const { From: from, To: to, Subject: subject, Text: text } = selection;
  const entries = (await listMessages(folder)).filter(({ id }) => isMeant(id));
  if (newestFirst) entries.reverse();
  const read = async (entry: MaildirEntry) => {
    const raw = await readMessage(folder, entry);
    return raw && parseMessage(entry, raw);
  };
  yield* messagesThatFit(entries, read, { from, to, subject, text }, looked);
}

/** The newest so many that fit, oldest first; no others are read. @param most 0 or more */
export async function newestMeant(
  folder: string,
  selection: Selection,
  most: number,
  looked?: Set<string>,
): Promise<Found[]> {
  const newest: Found[] = [];
  if (most === 0) return newest;
  for await (const found of messagesMeant(folder, selection, { newestFirst: true, looked }))
    if (newest.push(found) === most) break;
  return newest.reverse();
}

/** Does the selection name messages, rather than describe them? */
export function identitiesOf(identity: Selection['Identity']): string[] {
  return [...elementsOf(identity)].map((one) => printed(one instanceof PsObject ? one.get('Identity') : one).trim());
}

/** Piped objects, as an argument of several. */
export async function allOf(input: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const one of input) all.push(one);
  return all;
}
