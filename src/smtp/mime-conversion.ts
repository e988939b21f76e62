/**
 * A message made fit for a host that takes no 8-bit text, and for lines of 998 octets without NUL (RFC 5321 section 4.5.3.1.6,
 * RFC 6152 section 3): the parts that need it are encoded, text as quoted-printable, anything else as base64. What
 * a signature covers is not touched. Two passes over the message: which parts need it, then the bytes. Pure.
 */

import { type LineEnd, MimeLines } from './mime-lines.ts';
import { Base64, Base64Again, type Encoder, QuotedPrintable, QuotedPrintableAgain } from './transfer-encoding.ts';

/** Octets of a line, without its end. */
export const LONGEST_LINE = 998;
/** The header of a part, in octets. */
const LONGEST_HEADER = 256 * 1024;
const DEEPEST = 50;

/** Why it cannot be made fit. */
export class CannotConvert extends Error {}

export interface Demand {
  /** No octet over 127. */
  readonly sevenBit: boolean;
  /** Its CR and LF are no line ends: those that stand alone are not to become one. */
  readonly exact: boolean;
}

/** Which parts have to be encoded, in their order. @throws CannotConvert */
export async function partsToEncode(content: AsyncIterable<Buffer>, demand: Demand): Promise<readonly boolean[]> {
  const walk = new Walk(demand, undefined);
  for await (const chunk of content) walk.take(chunk);
  walk.end();
  return walk.needs;
}

/** The message with those parts encoded. @throws CannotConvert */
export async function* withEncoded(
  content: AsyncIterable<Buffer>,
  demand: Demand,
  parts: readonly boolean[],
): AsyncGenerator<Buffer> {
  const walk = new Walk(demand, parts);
  for await (const chunk of content) {
    walk.take(chunk);
    if (walk.hasOutput) yield walk.output();
  }
  walk.end();
  yield walk.output();
}

interface Level {
  readonly boundary: string;
  readonly digest: boolean;
}

class Walk {
  /** Of each part without parts: does it need to be encoded? */
  readonly needs: boolean[] = [];
  readonly #demand: Demand;
  /** From the first pass; undefined in it. */
  readonly #parts: readonly boolean[] | undefined;
  readonly #lines: MimeLines;
  #out: Buffer[] = [];
  readonly #levels: Level[] = [];
  #state: 'header' | 'around' | 'sealed' | 'part' = 'header';
  #header: Buffer[] = [];
  #headerSize = 0;
  #top = true;
  #encoder: Encoder | undefined;
  /** The line end before this line: the boundary's, should one follow. */
  #lineEnd: LineEnd = '';
  /** Octets of this line so far. */
  #length = 0;

  constructor(demand: Demand, parts: readonly boolean[] | undefined) {
    this.#demand = demand;
    this.#parts = parts;
    this.#lines = new MimeLines((bytes, start, end) => this.#piece(bytes, start, end));
  }

  take(chunk: Buffer): void {
    this.#lines.take(chunk);
  }

  end(): void {
    this.#lines.end();
    if (this.#state === 'header') this.#headerEnds('');
    if (this.#encoder && this.#lineEnd !== '') {
      this.#write(this.#encoder.lineEnd(this.#lineEnd)); // no boundary follows that it could belong to
      this.#lineEnd = '';
    }
    this.#partEnds();
  }

  get hasOutput(): boolean {
    return this.#out.length > 0;
  }

  output(): Buffer {
    const out = Buffer.concat(this.#out);
    this.#out = [];
    return out;
  }

  #write(...pieces: (Buffer | string)[]): void {
    if (this.#parts)
      for (const piece of pieces) if (piece.length > 0) this.#out.push(Buffer.from(piece as string, 'latin1'));
  }

  #writeBytes(bytes: Buffer): void {
    if (this.#parts && bytes.length > 0) this.#out.push(bytes);
  }

  #piece(bytes: Buffer, start: boolean, end: LineEnd): void {
    if (start) this.#length = 0;
    this.#length += bytes.length;
    if (start && this.#isBoundary(bytes, end)) return;
    if (this.#state === 'header') this.#inHeader(bytes, start, end);
    else if (this.#state === 'part') this.#inPart(bytes, end);
    else if (this.#state === 'sealed') {
      if (this.#isUnfit(bytes, end))
        throw new CannotConvert('a part that is signed, encrypted or of a kind that is not to be changed');
      this.#writeBytes(bytes);
      this.#write(end);
    } else if (start && end !== '' && !this.#isUnfit(bytes, end)) {
      // Before the first part and behind the last one stands nothing that is shown: what would not pass is left out.
      this.#writeBytes(bytes);
      this.#write(end);
    }
  }

  /** Would this piece of a line not pass as it is? */
  #isUnfit(bytes: Buffer, end: LineEnd): boolean {
    const { sevenBit, exact } = this.#demand;
    if (this.#length > LONGEST_LINE || (exact && end === '\n')) return true;
    for (const byte of bytes) if (byte === 0 || (byte > 127 && sevenBit) || (byte === 13 && exact)) return true;
    return false;
  }

  #isBoundary(bytes: Buffer, end: LineEnd): boolean {
    if (this.#levels.length === 0 || bytes[0] !== 45 || bytes[1] !== 45) return false;
    const line = bytes.toString('latin1').trimEnd();
    const at = this.#levels.findLastIndex(({ boundary }) => line === `--${boundary}` || line === `--${boundary}--`);
    if (at < 0) return false;
    if (this.#state === 'header') this.#headerEnds('');
    this.#partEnds();
    const closes = line.length > this.#levels[at]!.boundary.length + 2;
    this.#levels.length = closes ? at : at + 1;
    this.#state = closes ? 'around' : 'header';
    this.#write(line, end === '' ? '' : '\r\n');
    return true;
  }

  #partEnds(): void {
    if (this.#encoder) this.#write(this.#encoder.finish());
    if (this.#state === 'part') this.#write(this.#lineEnd);
    this.#encoder = undefined;
    this.#lineEnd = '';
  }

  #inPart(bytes: Buffer, end: LineEnd): void {
    if (!this.#parts) {
      if (this.#isUnfit(bytes, end)) this.needs[this.needs.length - 1] = true;
      return;
    }
    if (this.#encoder) {
      if (this.#lineEnd !== '') this.#write(this.#encoder.lineEnd(this.#lineEnd));
      this.#write(this.#encoder.bytes(bytes));
    } else {
      this.#write(this.#lineEnd);
      this.#writeBytes(bytes);
    }
    this.#lineEnd = end;
  }

  #inHeader(bytes: Buffer, start: boolean, end: LineEnd): void {
    if (start && bytes.length === 0 && end !== '') {
      this.#headerEnds('\r\n');
      return;
    }
    // A line that is no field, without an empty line before it: the body has begun.
    if (start && !/^(?:[\x21-\x39\x3b-\x7e]+[ \t]*:|[ \t])/.test(bytes.toString('latin1', 0, 100))) {
      this.#headerEnds('\r\n');
      this.#piece(bytes, start, end);
      return;
    }
    this.#headerSize += bytes.length + 2;
    if (this.#headerSize > LONGEST_HEADER) throw new CannotConvert('a header that is too long');
    for (const byte of bytes) {
      if (byte === 0) throw new CannotConvert('a header with NUL');
      if (byte > 127 && this.#demand.sevenBit) throw new CannotConvert('a header with 8-bit text');
    }
    if (this.#length > LONGEST_LINE) throw new CannotConvert(`a header line of more than ${LONGEST_LINE} octets`);
    this.#header.push(bytes, Buffer.from(end === '' ? '' : '\r\n'));
  }

  /** The header is whole: what is this part, and how does its content go? */
  #headerEnds(blank: string): void {
    const top = this.#top;
    const header = fieldsOf(Buffer.concat(this.#header).toString('latin1'));
    this.#header = [];
    this.#headerSize = 0;
    this.#top = false;
    const digest = this.#levels.at(-1)?.digest === true;
    const content = valueIn(header, 'content-type');
    const type = (
      /^\s*([\w.+-]+\/[\w.+-]+)/.exec(content)?.[1] ?? (digest ? 'message/rfc822' : 'text/plain')
    ).toLowerCase();
    const encoding = valueIn(header, 'content-transfer-encoding').trim().toLowerCase();
    const boundary = /;\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;()]+))/i.exec(content);
    const plain = encoding === '' || encoding === '7bit' || encoding === '8bit' || encoding === 'binary';
    if (type === 'multipart/signed' || type === 'multipart/encrypted') this.#state = 'sealed';
    else if (type.startsWith('multipart/') && boundary) {
      if (this.#levels.length >= DEEPEST) throw new CannotConvert('parts inside parts without end');
      this.#levels.push({ boundary: (boundary[1] ?? boundary[2]!).trimEnd(), digest: type === 'multipart/digest' });
      this.#state = 'around';
    } else if (type === 'message/rfc822' && plain) {
      this.#write(relabelled(header, encoding === '' ? undefined : this.#demand.sevenBit ? '7bit' : '8bit'), blank);
      this.#state = 'header';
      return;
    } else if (type.startsWith('message/')) this.#state = 'sealed';
    else this.#state = 'part';
    const label =
      encoding === 'binary' || (encoding === '8bit' && this.#demand.sevenBit)
        ? this.#demand.sevenBit
          ? '7bit'
          : '8bit'
        : undefined;
    if (this.#state !== 'part') {
      this.#write(relabelled(header, this.#state === 'around' ? label : undefined), blank);
      return;
    }
    const encode = this.#parts?.[this.needs.length];
    this.needs.push(false);
    if (!encode) {
      this.#write(relabelled(header, label), blank);
      return;
    }
    if (type.startsWith('multipart/')) throw new CannotConvert('parts without a boundary between them');
    const known = encoding === 'base64' || encoding === 'quoted-printable';
    if (!known && !plain) throw new CannotConvert(`a part in the encoding ${encoding}`);
    const text = type.startsWith('text/');
    this.#encoder =
      encoding === 'base64'
        ? new Base64Again()
        : known
          ? new QuotedPrintableAgain()
          : text
            ? new QuotedPrintable()
            : new Base64();
    const named = known ? undefined : text ? 'quoted-printable' : 'base64';
    // Nobody said what the text is: RFC 1428 section 3 has a name for that.
    const more = [
      ...(top && !has(header, 'mime-version') ? ['MIME-Version: 1.0\r\n'] : []),
      ...(content === '' && this.#demand.sevenBit ? ['Content-Type: text/plain; charset=unknown-8bit\r\n'] : []),
    ];
    this.#write(relabelled(header, named, true), ...more, blank === '' ? '\r\n' : blank);
  }
}

/** Fields with their folded lines and line ends. */
function fieldsOf(header: string): string[] {
  return header.match(/[^\r\n][^\n]*(?:\n[ \t][^\n]*)*\n?/g) ?? [];
}

const isNamed = (field: string, name: string) => new RegExp(`^${name}[ \\t]*:`, 'i').test(field);
const has = (fields: readonly string[], name: string) => fields.some((field) => isNamed(field, name));

function valueIn(fields: readonly string[], name: string): string {
  const field = fields.find((one) => isNamed(one, name)) ?? '';
  return field
    .slice(field.indexOf(':') + 1)
    .replace(/\r?\n/g, '')
    .trim();
}

/** The fields with another Content-Transfer-Encoding, added where there is none and `add` says so. */
function relabelled(fields: readonly string[], encoding: string | undefined, add = false): string {
  if (encoding === undefined) return fields.join('');
  const kept = fields.filter((field) => !isNamed(field, 'content-transfer-encoding'));
  if (kept.length === fields.length && !add) return fields.join('');
  const last = kept.at(-1);
  if (last !== undefined && !last.endsWith('\n')) kept.push('\r\n');
  return `${kept.join('')}Content-Transfer-Encoding: ${encoding}\r\n`;
}
