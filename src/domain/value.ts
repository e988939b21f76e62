/**
 * The values settings have: each knows how it prints, how it is written to JSON and how it compares.
 * Everything is immutable; a parsed value is never parsed again.
 */
import { grouped } from '../text/grouped.ts';
import { twoDigits as two } from '../text/two-digits.ts';

/** "Unlimited" of Exchange's Unlimited<T>: greater than any number. Compare by identity: `x === UNLIMITED`. */
export class Unlimited {
  toString(): string {
    return 'Unlimited';
  }
  toJSON(): string {
    return 'Unlimited';
  }
  valueOf(): number {
    return Number.POSITIVE_INFINITY;
  }
}
export const UNLIMITED = Object.freeze(new Unlimited());

/** A limit on a number of things (connections, messages, errors). */
export type Count = number | Unlimited;

const SIZE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** ByteQuantifiedSize: a number of bytes; units are powers of 1024 (Exchange documentation, Set-ReceiveConnector). */
export class ByteSize {
  constructor(readonly bytes: number) {}
  /** Exchange's printed form, `36 MB (37,748,736 bytes)`. */
  toString(): string {
    let unit = 0;
    let amount = this.bytes;
    while (unit < SIZE_UNITS.length - 1 && Math.abs(amount) >= 1024) {
      amount /= 1024;
      unit++;
    }
    const short = Number.isInteger(amount) ? amount : Number(amount.toPrecision(4));
    return `${short} ${SIZE_UNITS[unit]} (${grouped(String(this.bytes))} bytes)`;
  }
  /** The shortest exact form that parses back: `36MB`, or plain bytes. */
  toShort(): string | number {
    for (let unit = SIZE_UNITS.length - 1; unit > 0; unit--) {
      const factor = 1024 ** unit;
      if (this.bytes >= factor && this.bytes % factor === 0) return `${this.bytes / factor}${SIZE_UNITS[unit]}`;
    }
    return this.bytes;
  }
  toJSON(): string {
    return this.toString();
  }
  valueOf(): number {
    return this.bytes;
  }
}

/** EnhancedTimeSpan, printed `[d.]hh:mm:ss[.fffffff]`; settings have whole seconds. */
export class TimeSpan {
  constructor(readonly seconds: number) {}
  toString(): string {
    const ticks = Math.round(Math.abs(this.seconds) * 1e7);
    const total = Math.floor(ticks / 1e7);
    const days = Math.floor(total / 86400);
    const rest = ticks - total * 1e7;
    const clock = `${two(Math.floor(total / 3600) % 24)}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
    return `${this.seconds < 0 ? '-' : ''}${days ? `${days}.` : ''}${clock}${rest ? `.${String(rest).padStart(7, '0')}` : ''}`;
  }
  toJSON(): string {
    return this.toString();
  }
  valueOf(): number {
    return this.seconds;
  }
}

/** A set of enum members, in the enum's own order: `Tls, BasicAuth`. The empty set prints `None`. */
export class Flags<T extends string = string> {
  constructor(readonly names: readonly T[]) {}
  has(name: T): boolean {
    return this.names.includes(name);
  }
  toString(): string {
    return this.names.length ? this.names.join(', ') : 'None';
  }
  toJSON(): string {
    return this.toString();
  }
}

/** One local address and port that a connector listens on. `address` is canonical text; `0.0.0.0` and `::` mean all. */
export class Binding {
  constructor(
    readonly address: string,
    readonly port: number,
  ) {}
  get family(): 4 | 6 {
    return this.address.includes(':') ? 6 : 4;
  }
  toString(): string {
    return this.family === 6 ? `[${this.address}]:${this.port}` : `${this.address}:${this.port}`;
  }
  toJSON(): string {
    return this.toString();
  }
}

/** An inclusive range of addresses of one family. IPv4 bounds are 0…2^32-1, IPv6 bounds 0…2^128-1. */
export class IpRange {
  constructor(
    readonly family: 4 | 6,
    readonly low: bigint,
    readonly high: bigint,
    /** As it prints: the form it was written in (address, CIDR or low-high), canonical. */
    readonly text: string,
  ) {}
  /** How many addresses it holds. */
  get size(): bigint {
    return this.high - this.low + 1n;
  }
  contains(family: 4 | 6, address: bigint): boolean {
    return family === this.family && address >= this.low && address <= this.high;
  }
  covers(other: IpRange): boolean {
    return this.family === other.family && this.low <= other.low && this.high >= other.high;
  }
  same(other: IpRange): boolean {
    return this.family === other.family && this.low === other.low && this.high === other.high;
  }
  overlaps(other: IpRange): boolean {
    return this.family === other.family && this.low <= other.high && other.low <= this.high;
  }
  toString(): string {
    return this.text;
  }
  toJSON(): string {
    return this.text;
  }
}

/** What a single setting can hold. */
export type Scalar =
  | null
  | boolean
  | number
  | string
  | Date
  | Unlimited
  | ByteSize
  | TimeSpan
  | Flags
  | Binding
  | IpRange;
export type SettingValue = Scalar | readonly Scalar[];
