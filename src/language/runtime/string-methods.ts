/** Methods of texts, with .NET's parameters and exceptions. A method is its overloads: how many arguments, and which of them are numbers. */
import { Char } from '../../pipeline/char.ts';
import { printed, type Value } from '../../pipeline/value.ts';
import { failure } from './failure.ts';
import { checkLength, checkList, checkText } from './limits.ts';
import { bound } from './method-signatures.ts';
import { argumentOutOfRange, badIndex, called, emptyOldValue, NetException, outOfRange } from './net-exception.ts';

type Run = (self: string, args: readonly Value[]) => Value;
interface Method {
  /** As in method-signatures.ts. Without it any arguments are taken. */
  readonly overloads?: string;
  readonly run: Run;
}

const text = (args: readonly Value[], at: number) => printed(args[at]);
const number = (args: readonly Value[], at: number) => args[at] as number;
/** A comparison that overlooks case, when the last argument says so. */
const folded = (args: readonly Value[]) =>
  /ignorecase/i.test(printed(args.at(-1))) && args.length > 1 ? (s: string) => s.toLowerCase() : (s: string) => s;

function position(self: string, args: readonly Value[]): number {
  const from = number(args, 0);
  if (from < 0) throw outOfRange('startIndex', from);
  if (from > self.length)
    throw argumentOutOfRange("startIndex cannot be larger than length of string. (Parameter 'startIndex')");
  return from;
}

function padded(self: string, args: readonly Value[], pad: 'padStart' | 'padEnd'): string {
  const width = number(args, 0);
  if (width < 0) throw outOfRange('totalWidth', width);
  checkLength(width);
  return self[pad](width, args.length > 1 ? text(args, 1) : ' ');
}

function indexOf(self: string, args: readonly Value[], last: boolean): number {
  const find = folded(args);
  const from = typeof args[1] === 'number' ? number(args, 1) : undefined;
  if (from !== undefined && (from < 0 || from > self.length)) throw badIndex('startIndex', !last);
  return last ? find(self).lastIndexOf(find(text(args, 0)), from) : find(self).indexOf(find(text(args, 0)), from);
}

/** Character by character, as .NET does: what would become several stays. */
const simple =
  (of: (piece: string) => string): Run =>
  (self) =>
    self.replace(/[\x00-\x7f]+|[^\x00-\x7f]/gu, (piece) => (of(piece).length === piece.length ? of(piece) : piece));

const OUTSIDE = new NetException('IndexOutOfRangeException', 'Index was outside the bounds of the array.');

const METHODS: Readonly<Record<string, Method>> = {
  ToUpper: { overloads: '', run: simple((c) => c.toUpperCase()) },
  ToLower: { overloads: '', run: simple((c) => c.toLowerCase()) },
  ToUpperInvariant: { overloads: '', run: simple((c) => c.toUpperCase()) },
  ToLowerInvariant: { overloads: '', run: simple((c) => c.toLowerCase()) },
  Trim: { run: (self, args) => trimmed(self, args, true, true) },
  TrimStart: { run: (self, args) => trimmed(self, args, true, false) },
  TrimEnd: { run: (self, args) => trimmed(self, args, false, true) },
  StartsWith: {
    overloads: 'value | value,comparison',
    run: (self, args) => folded(args)(self).startsWith(folded(args)(text(args, 0))),
  },
  EndsWith: {
    overloads: 'value | value,comparison',
    run: (self, args) => folded(args)(self).endsWith(folded(args)(text(args, 0))),
  },
  Equals: {
    overloads: 'value | value,comparison',
    run: (self, args) => typeof args[0] === 'string' && folded(args)(self) === folded(args)(args[0]),
  },
  Normalize: { overloads: '', run: (self) => self.normalize() },
  Chars: {
    overloads: 'index:int',
    run: (self, args) => {
      const at = number(args, 0);
      // a property to PowerShell, with an index
      if (at < 0 || at >= self.length)
        throw failure('ExceptionWhenGetting', `Exception getting "Chars": "${OUTSIDE.message}"`, 'NotSpecified', {
          cause: OUTSIDE,
        });
      return new Char(self.charCodeAt(at));
    },
  },
  Contains: {
    overloads: 'value | value,comparison',
    run: (self, args) => folded(args)(self).includes(folded(args)(text(args, 0))),
  },
  IndexOf: { overloads: 'value | value,startIndex:int', run: (self, args) => indexOf(self, args, false) },
  LastIndexOf: {
    overloads: 'value | value,startIndex:int',
    run: (self, args) => indexOf(self, args, true),
  },
  Replace: {
    overloads: 'oldValue,newValue | oldValue,newValue,comparison',
    run: (self, args) => {
      const old = text(args, 0);
      if (old === '') throw emptyOldValue();
      if (args.length > 2 && /ignorecase/i.test(text(args, 2)))
        return checkText(self.replace(new RegExp(escaped(old), 'gi'), () => text(args, 1)));
      return replaced(self, old, text(args, 1));
    },
  },
  Split: { run: splitText },
  Substring: {
    overloads: 'startIndex:int | startIndex:int,length:int',
    run: (self, args) => {
      const from = position(self, args);
      if (args.length < 2) return self.slice(from);
      const length = number(args, 1);
      if (length < 0) throw outOfRange('length', length);
      if (from + length > self.length)
        throw argumentOutOfRange("Index and length must refer to a location within the string. (Parameter 'length')");
      return self.slice(from, from + length);
    },
  },
  Remove: {
    overloads: 'startIndex:int | startIndex:int,count:int',
    run: (self, args) => {
      if (args.length < 2) {
        if (number(args, 0) < 0)
          throw new NetException(
            'ArgumentOutOfRangeException',
            "StartIndex cannot be less than zero. (Parameter 'startIndex')",
          );
        return self.slice(0, position(self, args));
      }
      const [from, count] = [number(args, 0), number(args, 1)];
      if (from < 0) throw outOfRange('startIndex', from);
      if (count < 0) throw outOfRange('count', count);
      if (from + count > self.length)
        throw outOfRange('count', count, `must be less than or equal to '${self.length - from}'`);
      return self.slice(0, from) + self.slice(from + count);
    },
  },
  Insert: {
    overloads: 'startIndex:int,value',
    run: (self, args) => {
      const at = number(args, 0);
      // as .NET compares it: a negative number is a very large one
      if (at < 0 || at > self.length)
        throw outOfRange('startIndex', at >>> 0, `must be less than or equal to '${self.length}'`);
      return checkText(self.slice(0, at) + text(args, 1) + self.slice(at));
    },
  },
  PadLeft: {
    overloads: 'totalWidth:int | totalWidth:int,paddingChar:char',
    run: (self, args) => padded(self, args, 'padStart'),
  },
  PadRight: {
    overloads: 'totalWidth:int | totalWidth:int,paddingChar:char',
    run: (self, args) => padded(self, args, 'padEnd'),
  },
  ToCharArray: {
    overloads: ' | startIndex:int,length:int',
    run: (self) => {
      checkList(self.length);
      return Array.from({ length: self.length }, (_, k) => new Char(self.charCodeAt(k)));
    },
  },
};

function escaped(pattern: string): string {
  return pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** `.Split(separator[, count][, options])`: several texts are each a separator, one text is one (.NET 5 and later). */
function splitText(self: string, args: readonly Value[]): Value {
  const given = Array.isArray(args[0]) ? (args[0] as Value[]) : args.length ? [args[0]!] : [];
  const separators = given.map(printed).filter((one) => one !== '');
  const pattern = new RegExp(separators.length ? separators.map(escaped).join('|') : args.length ? '(?!)' : '\\s', 'g');
  const rest = args.slice(1);
  const most = rest.find((one) => typeof one === 'number') as number | undefined;
  const drop = rest.some((one) => /removeempty/i.test(printed(one)));
  const parts: string[] = [];
  let from = 0;
  for (const found of self.matchAll(pattern)) {
    if (most !== undefined && parts.length >= most - 1) break;
    const part = self.slice(from, found.index);
    if (!drop || part !== '') parts.push(part);
    from = found.index + found[0].length;
  }
  const last = self.slice(from);
  if (!drop || last !== '') parts.push(last);
  return most === 0 ? [] : parts;
}

function trimmed(self: string, args: readonly Value[], start: boolean, end: boolean): string {
  const chars = args.length
    ? [
        ...args
          .flat()
          .map((a) => printed(a as Value))
          .join(''),
      ]
    : undefined;
  const drop = (c: string | undefined) => c !== undefined && (chars ? chars.includes(c) : /\s/.test(c));
  let from = 0;
  let to = self.length;
  while (start && from < to && drop(self[from])) from++;
  while (end && to > from && drop(self[to - 1])) to--;
  return self.slice(from, to);
}

export const STRING_METHOD_NAMES: readonly string[] = Object.keys(METHODS);

/** The method of a text; `undefined` when there is none of that name. */
export function stringMethod(name: string): Run | undefined {
  const lower = name.toLowerCase();
  const own = STRING_METHOD_NAMES.find((key) => key.toLowerCase() === lower);
  if (own === undefined) return undefined;
  const { overloads, run } = METHODS[own]!;
  if (!overloads) return run;
  return (self, args) => {
    const given = bound(own, overloads, args);
    return called(own, args.length, () => run(self, given));
  };
}

/** Its length is known before anything is made. */
function replaced(self: string, old: string, by: string): string {
  let length = self.length;
  for (let at = self.indexOf(old); at >= 0; at = self.indexOf(old, at + old.length)) {
    length += by.length - old.length;
    if (by.length > old.length) checkLength(length);
  }
  return checkText(self.replaceAll(old, () => by));
}
