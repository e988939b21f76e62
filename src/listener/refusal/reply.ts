/**
 * A reply of SMTP as a value: its code, its enhanced code (RFC 3463), its text, and what follows from saying it. Whoever reads
 * one asks for its parts; nobody looks at its text. One that refuses is said together with why (refusal.ts).
 */
import type { SessionCount } from '../contracts/session-counts.ts';

/** What follows from saying a reply. */
interface Traits {
  /** The session ends with it; 421 always does (RFC 5321 section 3.8). */
  readonly closes?: boolean;
  /** What is counted when it is said. */
  readonly counts?: SessionCount;
  /** What is counted as the reason for the end of a session that it closes; policy when left out. */
  readonly ending?: SessionCount;
  /** The same in the words of Exchange 2019, where those are others. */
  readonly in2019?: Reply;
  /** Further lines of it, each without its code. */
  readonly more?: readonly string[];
}

export class Reply<Refuses extends boolean = boolean> {
  readonly closes: boolean;
  readonly counts: SessionCount | undefined;
  readonly ending: SessionCount;
  /** As it goes over the wire, without the last line end. */
  readonly line: string;
  readonly #more: readonly string[] | undefined;
  readonly #in2019: Reply | undefined;
  #bare: string | undefined;

  /**
   * @param code 200 to 599
   * @param enhanced `5.7.1`; empty for none
   * @param protocolError it counts against MaxProtocolErrors
   */
  constructor(
    readonly refuses: Refuses,
    readonly code: number,
    readonly enhanced: string,
    readonly text: string,
    readonly protocolError: boolean,
    { closes = code === 421, counts, ending = 'endedByPolicy', more, in2019 }: Traits,
  ) {
    this.closes = closes;
    this.counts = counts;
    this.ending = ending;
    this.#more = more;
    this.#in2019 = in2019;
    this.line = lines(code, enhanced === '' ? text : text === '' ? enhanced : `${enhanced} ${text}`, more);
  }

  /** It in the words of a dialect (setting ReplyDialect). */
  in(dialect: 'Exchange2010' | 'Exchange2019'): Reply {
    return dialect === 'Exchange2019' && this.#in2019 ? this.#in2019 : this;
  }

  /** It has more than one line. */
  get isLong(): boolean {
    return this.#more !== undefined && this.#more.length > 0;
  }

  /** The same without its enhanced code (EnhancedStatusCodesEnabled is off). */
  get bare(): string {
    this.#bare ??= this.enhanced === '' ? this.line : lines(this.code, this.text, this.#more);
    return this.#bare;
  }

  /** 5yz: the same will never do (RFC 5321 section 4.2.1). */
  get permanent(): boolean {
    return this.code >= 500;
  }
}

export type Acceptance = Reply<false>;
export type Rejection = Reply<true>;

const NONE: Traits = {};

/** A reply of 2yz or 3yz. */
export function accept(code: number, enhanced: string, text: string, traits = NONE): Acceptance {
  return new Reply(false, code, enhanced, text, false, traits);
}

/** A reply of 4yz or 5yz. Syntax and sequence errors are protocol errors: 500 to 504 (RFC 5321 section 4.2.2). */
export function reject(code: number, enhanced: string, text: string, traits = NONE): Rejection {
  return new Reply(true, code, enhanced, text, code >= 500 && code <= 504, traits);
}

/** A reply that somebody else gave and we pass on: whatever its code, it is no mistake of our client's in the protocol. */
export function passedOn(code: number, enhanced: string, text: string): Rejection {
  return new Reply(true, code, enhanced, text, false, NONE);
}

/** A reply in its form on the wire (RFC 5321 section 4.2.1): every line with the code, all but the last with a hyphen. */
function lines(code: number, first: string, more: readonly string[] | undefined): string {
  if (!more?.length) return `${code} ${first}`;
  const last = more.length - 1;
  return `${code}-${first}\r\n${more.map((line, i) => `${code}${i < last ? '-' : ' '}${line}`).join('\r\n')}`;
}
