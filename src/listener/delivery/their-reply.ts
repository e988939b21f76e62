/** What the next host said, as we say it to our client. Pure. */
import { printable } from '../../domain/value-error.ts';
import type { ServerReply } from '../../smtp/client/reply-reader.ts';

/** Longest reply text handed on (RFC 5321 section 4.5.3.1.5 allows lines of 512 octets). */
const LONGEST_TEXT = 400;

/**
 * A reply of the next host as ours: one line, its code and enhanced code, nothing but printable text. Its 421 is about its
 * own connection, not the client's, and becomes 451 (RFC 5321 section 3.8).
 */
export function asOurs({ code: theirs, enhanced, text }: Omit<ServerReply, 'lines'>, before = ''): string {
  const known = (theirs >= 200 && theirs < 300) || (theirs >= 400 && theirs < 600);
  const code = !known || theirs === 421 ? 451 : theirs;
  const status = enhanced.startsWith(String(code)[0]!) ? enhanced : `${String(code)[0]}.0.0`;
  const whole = clean([before, text].filter(Boolean).join(': '));
  return `${code} ${status} ${whole.length > LONGEST_TEXT ? `${whole.slice(0, LONGEST_TEXT - 1)}…` : whole}`.trimEnd();
}

/** Replies are ASCII for clients that did not ask for more. */
export function clean(text: string): string {
  return printable(text).replace(/[^\x20-\x7e…]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
