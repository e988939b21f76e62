/** Which messages somebody means, by texts: found anywhere, in any case; one with a wildcard has to match the whole of it. */
import { hasWildcard, Wildcard } from '../text/wildcard.ts';
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

type Test = (texts: readonly string[]) => boolean;

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

function textTest(wanted: string | undefined): Test {
  if (wanted === undefined) return () => true;
  if (hasWildcard(wanted)) {
    const pattern = new Wildcard(wanted);
    return (texts) => texts.some((text) => pattern.matches(text));
  }
  const inside = wanted.toLowerCase();
  return (texts) => texts.some((text) => text.toLowerCase().includes(inside));
}
