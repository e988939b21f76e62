/** Replies of a server as a client reads them (RFC 5321 section 4.2, RFC 2034): bytes in, whole replies out. Bounded. Pure. */

/** RFC 5321 section 4.5.3.1.5 has lines of 512 octets, and answers to EHLO of some dozens; more than this is no reply. */
const LONGEST_REPLY = 64 * 1024;
const MOST_LINES = 1000;

export interface ServerReply {
  /** 200 to 599. */
  readonly code: number;
  /** RFC 3463, such as `4.7.1`; empty where the server gives none. */
  readonly enhanced: string;
  /** Without code and enhanced code; lines joined with a space. */
  readonly text: string;
  /** As they came, without line ends. */
  readonly lines: readonly string[];
}

/** What came is no reply. */
export class NotSmtp extends Error {}

const LINE = /^([2-5]\d\d)(?:([ -])(.*))?$/s;
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)/;

export class ReplyReader {
  #rest = '';
  #lines: string[] = [];
  #size = 0;

  /** Something of a reply is there, and not its end. */
  get begun(): boolean {
    return this.#rest !== '' || this.#lines.length > 0;
  }

  /** The replies that are whole with these bytes. @throws NotSmtp */
  take(bytes: Buffer): ServerReply[] {
    const replies: ServerReply[] = [];
    const lines = (this.#rest + bytes.toString('latin1')).split('\n');
    this.#rest = lines.pop()!;
    for (const raw of lines) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      const m = LINE.exec(line);
      if (!m) throw new NotSmtp('what came is no SMTP reply');
      this.#size += raw.length + 1;
      this.#lines.push(asUtf8(line));
      if (this.#size > LONGEST_REPLY || this.#lines.length > MOST_LINES) break;
      if (m[2] === '-') continue;
      replies.push(replyOf(this.#lines));
      this.#lines = [];
      this.#size = 0;
    }
    if (this.#size + this.#rest.length > LONGEST_REPLY || this.#lines.length > MOST_LINES)
      throw new NotSmtp('a reply does not end');
    return replies;
  }
}

/** A reply out of its lines. The last line's code counts, should they differ. */
export function replyOf(lines: readonly string[]): ServerReply {
  let enhanced = '';
  const texts = lines.map((line) => {
    const text = line.slice(4);
    const m = ENHANCED.exec(text);
    if (!m) return text;
    enhanced ||= m[1]!;
    return text.slice(m[0].length);
  });
  return { code: Number(lines.at(-1)!.slice(0, 3)), enhanced, text: texts.filter(Boolean).join(' '), lines };
}

/** The server did what it was asked. */
export function isGood(reply: ServerReply): boolean {
  return reply.code < 300;
}

/** `550 5.1.1 Unknown`: the whole of it in one line. */
export function inOneLine({ code, enhanced, text }: ServerReply): string {
  return [code, enhanced, text].filter(Boolean).join(' ');
}

/** Replies are often UTF-8 (RFC 6531 section 3.7.4.2); what is not stays Latin-1. */
function asUtf8(latin1: string): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1;
  const utf8 = Buffer.from(latin1, 'latin1').toString('utf8');
  return utf8.includes('\ufffd') ? latin1 : utf8;
}
