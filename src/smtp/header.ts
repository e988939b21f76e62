/**
 * The header of a message: what of it a client may bring, how many hops it tells of, its Message-ID. Pure.
 * A line ends with CRLF, and also with a bare LF or CR: what another program might read as a header must not slip through.
 */

interface HeaderRules {
  /** Accept-Headers-Routing: without it Received and Resent-* fields are taken out. */
  readonly routing: boolean;
  /** Accept-Headers-Organization: without it X-MS-Exchange-Organization-* fields are taken out. */
  readonly organization: boolean;
  /** Accept-Headers-Forest: without it X-MS-Exchange-Forest-* fields are taken out. */
  readonly forest: boolean;
}

export interface HeaderFacts {
  /** The header without the fields that were not allowed. Bytes that stay are untouched. */
  readonly kept: Buffer;
  /** Names of the fields that were taken out. */
  readonly removed: readonly string[];
  /** Received fields, those taken out too. */
  readonly hops: number;
  /** Received fields that this server wrote. */
  readonly localHops: number;
  /** `<id@host>`; `undefined` without a field that has one. */
  readonly messageId: string | undefined;
  /** Is there a Message-ID field at all? */
  readonly hasMessageId: boolean;
  /** There is no header: the first line is no field (`all well`, a folded line, a URL), and all of it is body (RFC 5322 section 2.2). */
  readonly isBody: boolean;
}

/** @param header the header with the empty line that ends it, if it has one @param ownName FQDN of this server */
export function readHeader(header: Buffer, rules: HeaderRules, ownName: string): HeaderFacts {
  if (!beginsAsHeader(header)) return { kept: header, ...NO_FIELDS };
  const pieces: Buffer[] = [];
  const removed: string[] = [];
  let hops = 0;
  let localHops = 0;
  let messageId: string | undefined;
  let hasMessageId = false;
  let keptFrom = 0;
  for (const field of fields(header)) {
    const name = field.name.toLowerCase();
    if (name === 'received') {
      hops++;
      if (isBy(text(header, field), ownName)) localHops++;
    } else if (name === 'message-id' && !hasMessageId) {
      hasMessageId = true;
      messageId = /<[^<>\s\x00-\x20\x7f-\uffff]{1,250}>/.exec(text(header, field))?.[0];
    }
    if (isAllowed(name, rules)) continue;
    removed.push(field.name);
    if (field.start > keptFrom) {
      pieces.push(header.subarray(keptFrom, field.start));
      // a CR alone before it would join a line end behind it, and the empty line that ends the header be none any more
      if (header[field.start - 1] === 13) pieces.push(LF);
    }
    keptFrom = field.end;
  }
  pieces.push(header.subarray(keptFrom));
  const whole = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  return {
    kept: rules.routing && rules.organization && rules.forest ? whole : plainlyEnded(whole),
    removed,
    hops,
    localHops,
    messageId,
    hasMessageId,
    isBody: false,
  };
}

const LF = Buffer.from('\n');
const NO_FIELDS = {
  removed: [],
  hops: 0,
  localHops: 0,
  messageId: undefined,
  hasMessageId: false,
  isBody: true,
} as const;

/** Is the first line a field, or the empty line that ends a header? */
function beginsAsHeader(header: Buffer): boolean {
  const first = header[0];
  if (first === undefined || first === 10 || first === 13) return true;
  const line = header.toString('latin1', 0, lineEnd(header, 0)).replace(/^\xef\xbb\xbf/, '');
  return /^[\x21-\x39\x3b-\x7e]+[ \t]*:/.test(line) && !/^[a-z][a-z0-9+.-]*:\/\//i.test(line);
}

function isAllowed(name: string, rules: HeaderRules): boolean {
  if (!rules.routing && (name === 'received' || name.startsWith('resent-'))) return false;
  if (!rules.organization && name.startsWith('x-ms-exchange-organization-')) return false;
  return rules.forest || !name.startsWith('x-ms-exchange-forest-');
}

/**
 * The header with CRLF CRLF at its end where bare line feeds stood: a reader that knows CRLF alone would take what follows
 * for more header, and a field from the body would have slipped through.
 */
function plainlyEnded(header: Buffer): Buffer {
  const end = /(?:^|\r?\n)\r?\n$/.exec(header.toString('latin1', Math.max(0, header.length - 4)))?.[0] ?? '';
  const plain = end.replace(/\r?\n/g, '\r\n');
  return end === plain ? header : Buffer.concat([header.subarray(0, -end.length), Buffer.from(plain)]);
}

interface Field {
  readonly name: string;
  readonly start: number;
  /** Behind the line end of its last line. */
  readonly end: number;
}

/** Fields with their folded lines (RFC 5322 section 2.2.3). Lines that are no field are passed over. */
function* fields(header: Buffer): Generator<Field> {
  let open = -1;
  let start = 0;
  while (start < header.length) {
    const end = lineEnd(header, start);
    const folded = header[start] === 32 || header[start] === 9;
    if (!folded) {
      if (open >= 0) yield* fieldAt(header, open, start);
      open = start;
    }
    start = end;
  }
  if (open >= 0) yield* fieldAt(header, open, header.length);
}

function* fieldAt(header: Buffer, start: number, end: number): Generator<Field> {
  const name = fieldName(header, start, end);
  if (name !== undefined) yield { name, start, end };
}

/** Index behind the end of the line that begins at `start`. */
function lineEnd(header: Buffer, start: number): number {
  for (let i = start; i < header.length; i++) {
    if (header[i] === 10) return i + 1;
    if (header[i] === 13) return header[i + 1] === 10 ? i + 2 : i + 1;
  }
  return header.length;
}

/**
 * The name before the first colon of a field, folded lines included, without what some readers pass over in it: spaces
 * (RFC 5322 section 4.5), line ends, NUL and other control characters, a byte order mark and whatever else is no ASCII. However
 * long: what is looked for in it is short, and a reader that finds it behind a thousand spaces must not find it here.
 */
function fieldName(header: Buffer, start: number, end: number): string | undefined {
  const colon = header.subarray(start, end).indexOf(58);
  if (colon < 0) return undefined;
  const name = header.toString('latin1', start, start + colon).replace(/[\x00-\x20\x7f-\xff]+/g, '');
  return /^[\x21-\x39\x3b-\x7e]+$/.test(name) ? name : undefined;
}

function text(header: Buffer, field: Field): string {
  return header.toString('latin1', field.start, Math.min(field.end, field.start + 4096)).replace(/[\r\n]+/g, ' ');
}

/** Was the Received field written by this server? Its `by` names it (RFC 5321 section 4.4). */
function isBy(received: string, ownName: string): boolean {
  const by = /\sby\s+([^\s;()]+)/i.exec(received)?.[1];
  return by !== undefined && by.toLowerCase() === ownName.toLowerCase();
}

/** Finds the end of a header in bytes that come in pieces: the first empty line, whichever way its lines end. */
export class HeaderEnd {
  #column = 0;
  #lastCr = false;

  /** Index behind the empty line, or -1 when it is not in this piece. */
  find(piece: Buffer): number {
    let i = 0;
    while (i < piece.length) {
      const lf = piece.indexOf(10, i);
      const end = lf < 0 ? piece.length : lf;
      const crs = this.#countCr(piece, i, end);
      this.#column += end - i - crs;
      if (lf < 0) return -1;
      if (this.#column === 0) return lf + 1;
      this.#column = 0;
      this.#lastCr = false;
      i = lf + 1;
    }
    return -1;
  }

  /** How many of the bytes are a CR that ends the line (only the last byte before the LF can be one). */
  #countCr(piece: Buffer, from: number, end: number): number {
    if (end === from) return 0;
    // A CR held from the piece before was no line end after all: it counts as a character.
    if (this.#lastCr) this.#column++;
    this.#lastCr = piece[end - 1] === 13;
    return this.#lastCr ? 1 : 0;
  }
}
