/** What the next host said, as we say it to our client. Pure. */

import { isGood, type ServerReply } from '../../smtp/client/reply-reader.ts';
import { printable } from '../../text/printable.ts';
import { type Acceptance, accept, passedOn, type Rejection } from '../refusal/reply.ts';

/** Longest reply text handed on (RFC 5321 section 4.5.3.1.5 allows lines of 512 octets). */
const LONGEST_TEXT = 400;

type Said = Omit<ServerReply, 'lines'>;

/**
 * In our form: one line, nothing but printable text, an enhanced code of the class of the code. Its 421 is about its own
 * connection, not the client's, and becomes 451 (RFC 5321 section 3.8); 552 for too many recipients is for now (section 4.5.3.1.10).
 */
function inOurForm(said: Said, before: string) {
  const { code: theirs, text } = said;
  const known = (theirs >= 200 && theirs < 300) || (theirs >= 400 && theirs < 600);
  const many = isTooMany(said);
  const code = !known || theirs === 421 ? 451 : many && theirs === 552 ? 452 : theirs;
  const kind = `${Math.floor(code / 100)}.`;
  const enhanced = many ? `${kind}5.3` : said.enhanced;
  const whole = clean([before, text].filter(Boolean).join(': ')).trimEnd();
  return {
    code,
    enhanced: enhanced.startsWith(kind) ? enhanced : `${kind}0.0`,
    text: whole.length > LONGEST_TEXT ? `${whole.slice(0, LONGEST_TEXT - 1)}…` : whole,
  };
}

/** No more recipients in this message: X.5.3 (RFC 3463), or the words of a host that gives no such code. */
export function isTooMany({ code, enhanced, text }: Said): boolean {
  if (enhanced !== '') return code >= 400 && enhanced.endsWith('.5.3');
  return (code === 452 || code === 552) && /too many recipients/i.test(text);
}

/** The next host's refusal as ours. @param before says whom it is about */
export function asOurs(said: Said, before = ''): Rejection {
  const { code, enhanced, text } = inOurForm(said, before);
  return passedOn(code, enhanced, text);
}

/** The reply with which it took a message, as ours. */
export function takenAs(said: Said): Acceptance {
  const { code, enhanced, text } = inOurForm(said, '');
  return accept(code, enhanced, text);
}

/** Its reply as a line of the message tracking log. */
export function statusLine(said: ServerReply): string {
  return isGood(said) ? takenAs(said).line : asOurs(said).line;
}

/** Replies are ASCII for clients that did not ask for more. */
export function clean(text: string): string {
  return printable(text).replace(/[^\x20-\x7e…]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
