/** The binary operators, each a function of two values. */
import { COMPARISONS, type Comparison, compareValues } from '../../pipeline/compare.ts';
import { SafeRegex } from '../../pipeline/safe-regex.ts';
import { Hashtable, printed, type Value } from '../../pipeline/value.ts';
import { composite } from '../../print/format-string.ts';
import { add, checkList, checkText, divide, multiply, rangeOf, remainder, subtract } from './arithmetic.ts';
import { elements, isOfType, toBool, toNumber } from './convert.ts';
import { failure } from './failure.ts';
import { castOrNull } from './methods.ts';
import type { Result, Session } from './session.ts';

export type BinaryFunction = (left: Result, right: Result, session: Session) => Result;

const ARITHMETIC: Readonly<Record<string, (left: Value, right: Value) => Value>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': remainder,
  '..': rangeOf,
};

/** What an element of a list costs, roughly in nanoseconds: copied, compared, made a text. */
const COPIED = 1;
const COMPARED = 4;
export const PRINTED = 20;

/** The function of an operator; -and, -or, -is and -as are not here, they do not look at both values. */
export function binaryFunction(operator: string, caseSensitive: boolean): BinaryFunction {
  const operation = operationOf(operator, caseSensitive);
  const weight = operator in ARITHMETIC ? COPIED : operator === '-join' ? PRINTED : COMPARED;
  return (left, right, session) => {
    if (Array.isArray(left)) session.spend(left.length * weight);
    return accounted(operation(left, right, session), session);
  };
}

/** A text that was made cost its length. */
export function accounted(result: Result, session: Session): Result {
  if (typeof result === 'string' && result.length > 1024) session.spend(result.length >> 4);
  return result;
}

function operationOf(operator: string, caseSensitive: boolean): BinaryFunction {
  const arithmetic = ARITHMETIC[operator];
  if (arithmetic) return (left, right) => arithmetic(left ?? null, right ?? null);
  const word = operator.slice(1);
  if (word === 'match' || word === 'notmatch') return matching(word, caseSensitive);
  if ((COMPARISONS as readonly string[]).includes(word)) {
    return (left, right) => compareValues(word as Comparison, left ?? null, right ?? null, caseSensitive);
  }
  switch (word) {
    case 'xor':
      return (left, right) => toBool(left) !== toBool(right);
    case 'f':
      return (left, right) => checkText(composite(printed(left), elements(right ?? null)));
    case 'join':
      return (left, right) => joined(elements(left), printed(right));
    case 'split':
      return (left, right) => split(elements(left), elements(right ?? null), caseSensitive);
    case 'replace':
      return (left, right) => replaced(left, elements(right ?? null), caseSensitive);
    default:
      throw new Error(`no operator ${operator}`);
  }
}

/** -match on one value also sets $Matches (about_Comparison_Operators). */
function matching(word: 'match' | 'notmatch', caseSensitive: boolean): BinaryFunction {
  return (left, right, session) => {
    if (Array.isArray(left)) return compareValues(word, left as Value, right ?? null, caseSensitive);
    const found = SafeRegex.of(printed(right), caseSensitive).exec(printed(left));
    if (found) {
      const matches = new Hashtable();
      const isNamed = namedGroups(printed(right));
      numbered(found, isNamed).forEach((text, group) => {
        if (text !== undefined && group <= found.length - 1 - isNamed.filter(Boolean).length)
          matches.set(String(group), text);
      });
      for (const [name, text] of Object.entries(found.groups ?? {})) if (text !== undefined) matches.set(name, text);
      session.set('Matches', matches);
    }
    return (found !== null) === (word === 'match');
  };
}

/** Which capturing groups of a pattern, in order, have a name. */
function namedGroups(pattern: string): boolean[] {
  const groups: boolean[] = [];
  for (const [part] of pattern.matchAll(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]])*\]|\((\?(?:<(?![=!])|[:=!<])?)?/g)) {
    if (part === '(') groups.push(false);
    else if (part === '(?<' && !part.startsWith('(?<=')) groups.push(true);
  }
  return groups;
}

/** A match's groups as .NET numbers them: the whole, those without a name, then the named ones. */
function numbered(found: RegExpExecArray, isNamed: readonly boolean[]): (string | undefined)[] {
  const groups = found.slice(1);
  return [found[0], ...groups.filter((_, i) => !isNamed[i]), ...groups.filter((_, i) => isNamed[i])];
}

export function joined(values: readonly Value[], separator: string): string {
  let length = 0;
  const texts = values.map((value) => {
    const text = printed(value);
    length += text.length + separator.length;
    checkText({ length } as string);
    return text;
  });
  return texts.join(separator);
}

/** `text -split pattern[, max]` */
export function split(texts: readonly Value[], options: readonly Value[], caseSensitive: boolean): Value {
  const [pattern = '\\s+', most] = options;
  const max = most === undefined ? 0 : toNumber(most);
  const simple = /simplematch/i.test(printed(options[2]));
  const source = simple ? printed(pattern).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : printed(pattern);
  const regex = SafeRegex.of(source, caseSensitive);
  const parts: Value[] = [];
  for (const value of texts) {
    const text = printed(value);
    let from = 0;
    let count = 1;
    for (const found of regex.all(text)) {
      if (max > 0 && count >= max) break;
      parts.push(text.slice(from, found.index), ...found.slice(1).filter((group) => group !== undefined));
      from = found.index + found[0].length;
      count++;
    }
    parts.push(text.slice(from));
    checkList(parts.length);
  }
  return parts;
}

/** `text -replace pattern[, replacement]`, with $1, ${name}, $& and $$ as .NET has them. */
function replaced(left: Result, options: readonly Value[], caseSensitive: boolean): Result {
  if (options.length > 2)
    throw failure(
      'BadReplaceArgument',
      `The -replace operator allows only two elements to follow it, not ${options.length}.`,
    );
  const pattern = printed(options[0]);
  const regex = SafeRegex.of(pattern, caseSensitive);
  const replacement = printed(options[1]);
  const isNamed = namedGroups(pattern);
  const one = (value: Value) => {
    const text = printed(value);
    let result = '';
    let from = 0;
    for (const found of regex.all(text)) {
      result = checkText(
        result + text.slice(from, found.index) + substituted(replacement, found, numbered(found, isNamed), text),
      );
      from = found.index + found[0].length;
    }
    return result + text.slice(from);
  };
  return Array.isArray(left) ? (left as Value[]).map(one) : one(left ?? null);
}

function substituted(
  replacement: string,
  found: RegExpExecArray,
  groups: readonly (string | undefined)[],
  text: string,
): string {
  return replacement.replace(
    /\$(?:(\d+)|\{(\w+)\}|([&$`'_]))/g,
    (whole, number?: string, name?: string, sign?: string) => {
      if (sign === '$') return '$';
      if (sign === '&') return found[0];
      if (sign === '`') return text.slice(0, found.index);
      if (sign === "'") return text.slice(found.index + found[0].length);
      if (sign === '_') return text;
      const key = number ?? name!;
      if (/^\d+$/.test(key)) return Number(key) < groups.length ? (groups[Number(key)] ?? '') : whole;
      return found.groups?.[key] ?? whole;
    },
  );
}

export function typeTest(operator: string, type: string): (left: Result) => Result {
  if (operator === '-is') return (left) => isOfType(left, type);
  if (operator === '-isnot') return (left) => !isOfType(left, type);
  return (left) => castOrNull(type, left ?? null);
}
