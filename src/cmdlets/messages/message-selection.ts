/** The messages of the Maildir that a cmdlet means. */
import { listMessages, type MaildirEntry, readMessage } from '../../messages/maildir-reader.ts';
import { parseMessage } from '../../messages/message.ts';
import { messageTest } from '../../messages/message-filter.ts';
import type { Message } from '../../messages/message-types.ts';
import type { Arguments } from '../../pipeline/parameter.ts';
import { elementsOf, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { hasWildcard, sameText, Wildcard } from '../../text/wildcard.ts';
import type { SELECTION } from './message-parameters.ts';

type Selection = Arguments<(typeof SELECTION)[number]>;

/** Messages that fit, oldest first, each read when its turn comes. @param looked ids to pass over: of all that were looked at before */
export async function* messagesMeant(
  folder: string,
  selection: Selection,
  looked: Set<string> = new Set(),
): AsyncGenerator<{ readonly entry: MaildirEntry; readonly message: Message }> {
  const isMeant = identityTest(selection.Identity);
  const { From: from, To: to, Subject: subject, Text: text } = selection;
  const fits = messageTest({ from, to, subject, text });
  for (const entry of await listMessages(folder)) {
    if (looked.has(entry.id) || !isMeant(entry.id)) continue;
    looked.add(entry.id); // a message stays what it is
    const raw = await readMessage(folder, entry);
    if (!raw) continue; // removed meanwhile
    const message = await parseMessage(entry, raw);
    if (fits(message)) yield { entry, message };
  }
}

/** Does the selection name messages, rather than describe them? */
export function identitiesOf(identity: Selection['Identity']): string[] {
  return [...elementsOf(identity)].map((one) => printed(one instanceof PsObject ? one.get('Identity') : one).trim());
}

function identityTest(identity: Selection['Identity']): (id: string) => boolean {
  if (identity === undefined) return () => true;
  const tests = identitiesOf(identity).map((text) => {
    const pattern = hasWildcard(text) ? new Wildcard(text) : undefined;
    return (id: string) =>
      sameText(id, text) || pattern?.matches(id) === true || (text.length > 3 && id.endsWith(text));
  });
  return (id) => tests.some((test) => test(id));
}

/** Piped objects, as an argument of several. */
export async function allOf(input: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const one of input) all.push(one);
  return all;
}
