/** Which messages somebody means, by texts: found anywhere, in any case; one with a wildcard has to match the whole of it. */
import { hasWildcard, nameTest, Wildcard } from '../text/wildcard.ts';
import type { MaildirEntry } from './maildir-reader.ts';
import type { Message } from './message-types.ts';
import { recipientsOf, sendersOf } from './parties.ts';

/** Texts that have to hold together. */
export interface MessageTexts {
  /** A sender, of the envelope or the header. */
  readonly from?: string | undefined;
  /** A recipient, of the envelope or the header. */
  readonly to?: string | undefined;
  readonly subject?: string | undefined;
  /** In the text or the HTML. */
  readonly text?: string | undefined;
  /** In any of these. */
  readonly any?: string | undefined;
}

export interface Found {
  readonly entry: MaildirEntry;
  readonly message: Message;
}

type Test = (texts: readonly string[]) => boolean;

/**
 * Those of the entries that fit, each read when its turn comes.
 * @param read `undefined`: it was removed meanwhile
 * @param looked ids to pass over; what is looked at is put there, since a message stays what it is
 */
export async function* messagesThatFit(
  entries: readonly MaildirEntry[],
  read: (entry: MaildirEntry) => Promise<Message | undefined>,
  texts: MessageTexts,
  looked: Set<string> = new Set(),
): AsyncGenerator<Found> {
  const fits = messageTest(texts);
  for (const entry of entries) {
    if (looked.has(entry.id)) continue;
    looked.add(entry.id);
    const message = await read(entry);
    if (message && fits(message)) yield { entry, message };
  }
}

export function messageTest(wanted: MessageTexts): (message: Message) => boolean {
  const [from, to, subject] = [textTest(wanted.from), textTest(wanted.to), textTest(wanted.subject)];
  const [text, any] = [textTest(wanted.text), textTest(wanted.any)];
  return (message) =>
    from(sendersOf(message)) &&
    to(recipientsOf(message)) &&
    subject([message.subject]) &&
    text([message.text, message.html]) &&
    any([...sendersOf(message), ...recipientsOf(message), message.subject, message.text, message.html]);
}

/** Ids, so much of their end that only one has it, or wildcards; `undefined`: any. */
export function identityTest(identities: readonly string[] | undefined): (id: string) => boolean {
  if (identities === undefined) return () => true;
  const tests = identities.map((text) => {
    const isNamed = nameTest(text);
    return (id: string) => isNamed(id) || (text.length > 3 && id.endsWith(text));
  });
  return (id) => tests.some((test) => test(id));
}

function textTest(wanted: string | undefined): Test {
  if (wanted === undefined) return () => true;
  if (hasWildcard(wanted)) {
    const pattern = new Wildcard(wanted);
    return (texts) => texts.some((text) => pattern.matches(text));
  }
  const inside = wanted.toLowerCase();
  return (texts) => texts.some((text) => text.toLowerCase().includes(inside));
}
