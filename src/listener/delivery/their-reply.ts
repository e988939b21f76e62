/** What the next host said, as we say it to our client. Pure. */

import { isGood, type ServerReply } from '../../smtp/client/reply-reader.ts';
import { printable } from '../../text/printable.ts';
import { type Acceptance, accept, passedOn, type Rejection } from '../refusal/reply.ts';

/** Longest reply text handed on (RFC 5321 section 4.5.3.1.5 allows lines of 512 octets). */
const LONGEST_TEXT = 400;

type Said = Omit<ServerReply, 'lines'>;

/**
 * In our form: one line, nothing but printable text, an enhanced code of the class of the code. Its 421 is about its own
 * connection, not the client's, and becomes 451 (RFC 5321 section 3.8).
 */
function inOurForm({ code: theirs, enhanced, text }: Said, before: string) {
  const known = (theirs >= 200 && theirs < 300) || (theirs >= 400 && theirs < 600);
  const code = !known || theirs === 421 ? 451 : theirs;
  const kind = `${Math.floor(code / 100)}.`;
  const whole = clean([before, text].filter(Boolean).join(': ')).trimEnd();
  return {
    code,
    enhanced: enhanced.startsWith(kind) ? enhanced : `${kind}0.0`,
    text: whole.length > LONGEST_TEXT ? `${whole.slice(0, LONGEST_TEXT - 1)}…` : whole,
  };
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
