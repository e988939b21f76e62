/** -f, -join, -split and -replace, as the operators and the methods of .NET's types have them. */

import { CmdletError } from '../../pipeline/error.ts';
import { isFigure, shownFigure } from '../../pipeline/number.ts';
import { StopStatement } from '../../pipeline/run.ts';
import { SafeRegex, WRONG_REGEX } from '../../pipeline/safe-regex.ts';
import { printed, printedWithin, type ScriptBlock, type Value } from '../../pipeline/value.ts';
import { composite } from '../../print/format-string.ts';
import { dateText } from '../../text/date.ts';
import { collected, toBool, toNumber } from './convert.ts';
import { ThrownError } from './exceptions.ts';
import { failure } from './failure.ts';
import { checkList, checkText } from './limits.ts';
import type { Result } from './runnable.ts';

/** `format -f values` */
export function formatText(format: Value, values: readonly Value[]): string {
  return checkText(composite(printed(format), values));
}

/** Which capturing groups of a pattern, in order, have a name. */
export function namedGroups(pattern: string): boolean[] {
  const groups: boolean[] = [];
  for (const [part] of pattern.matchAll(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]])*\]|\((\?(?:<(?![=!])|[:=!<])?)?/g)) {
    if (part === '(') groups.push(false);
    else if (part === '(?<' && !part.startsWith('(?<=')) groups.push(true);
  }
  return groups;
}

/** A match's groups as .NET numbers them: the whole, those without a name, then the named ones. */
export function numbered(found: RegExpExecArray, isNamed: readonly boolean[]): (string | undefined)[] {
  const groups = found.slice(1);
  return [found[0], ...groups.filter((_, i) => !isNamed[i]), ...groups.filter((_, i) => isNamed[i])];
}

/** `values -join separator`: dates and infinities of a list as our culture has them. */
export function joinedOperator(left: Result, separator: string): string {
  if (!Array.isArray(left)) return printed(left); // alone as a cast to a text has it
  return joined(left as readonly Value[], separator, (value) => {
    if (value instanceof Date) return dateText(value);
    return isFigure(value) ? shownFigure(value) : printedWithin(value);
  });
}

export function joined(values: readonly Value[], separator: string, said: (value: Value) => string = printed): string {
  let length = 0;
  const texts = values.map((value) => {
    const text = said(value);
    length += text.length + separator.length;
    checkText({ length } as string);
    return text;
  });
  return texts.join(separator);
}

/** `text -split pattern[, max]`; a max below zero counts from the end. */
export function split(texts: readonly Value[], options: readonly Value[], caseSensitive: boolean): Value {
  const [pattern = '\\s+', most] = options;
  const max = most === undefined ? 0 : toNumber(most);
  const simple = /simplematch/i.test(printed(options[2]));
  const source = simple ? printed(pattern).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : printed(pattern);
  const regex = SafeRegex.of(source, caseSensitive);
  const isNamed = namedGroups(source);
  const parts: Value[] = [];
  for (const value of texts) {
    const text = printed(value);
    let from = 0;
    let count = 1;
    const all = regex.all(text);
    for (const found of max < 0 ? lastOf(all, -max - 1) : all) {
      if (max > 0 && count >= max) break;
      parts.push(
        text.slice(from, found.index),
        ...numbered(found, isNamed)
          .slice(1)
          .filter((group) => group !== undefined),
      );
      from = found.index + found[0].length;
      count++;
    }
    parts.push(text.slice(from));
    checkList(parts.length);
  }
  return parts;
}

/** `text -split { $_ -eq ',' }[, max]`: at the characters for which the block holds. */
export async function splitByBlock(texts: readonly Value[], [block, most, options]: readonly Value[]): Promise<Value> {
  if (options !== undefined)
    throw failure(
      'InvalidSplitOptionWithPredicate',
      'Options are not allowed on the -split operator with a predicate.',
      'ParserError',
    );
  const max = most === undefined ? 0 : countIn(most);
  const parts: Value[] = [];
  for (const value of texts) {
    const text = printed(value);
    const all: number[] = [];
    if (max !== 1 && max !== -1)
      for (let at = 0; at < text.length; at++)
        if (toBool(collected(await holdsFor(block as ScriptBlock, text[at]!)))) all.push(at);
    const cuts = max > 0 ? all.slice(0, max - 1) : max < 0 ? lastOf(all, -max - 1) : all;
    for (const [k, cut] of [...cuts, text.length].entries()) parts.push(text.slice(k ? cuts[k - 1]! + 1 : 0, cut));
    checkList(parts.length);
  }
  return parts;
}

/** What is thrown in the block goes on its way. */
async function holdsFor(block: ScriptBlock, character: string): Promise<Value[]> {
  try {
    return await block.evaluate(character, 'throws');
  } catch (error) {
    throw error instanceof ThrownError ? new StopStatement(error) : error;
  }
}

function countIn(value: Value): number {
  try {
    return toNumber(value, 'System.Int32');
  } catch (error) {
    throw error instanceof CmdletError ? failure('RuntimeException', error.message, 'NotSpecified') : error;
  }
}

function lastOf<T>(values: readonly T[], count: number): readonly T[] {
  return values.slice(Math.max(0, values.length - count));
}

/** `text -replace pattern[, replacement]`, with $1, ${name}, $& and $$ as .NET has them. */
export function replaced(
  left: Result,
  options: readonly Value[],
  caseSensitive: boolean,
  most = Number.POSITIVE_INFINITY,
): Result {
  if (options.length > 2)
    throw failure(
      'BadReplaceArgument',
      `The -replace operator allows only two elements to follow it, not ${options.length}.`,
    );
  const pattern = printed(options[0]);
  const regex = namingPattern(pattern, () => SafeRegex.of(pattern, caseSensitive));
  const replacement = printed(options[1]);
  const isNamed = namedGroups(pattern);
  const one = (value: Value) => {
    const text = printed(value);
    let result = '';
    let from = 0;
    let count = 0;
    for (const found of regex.all(text)) {
      if (++count > most) break;
      result = checkText(
        result + text.slice(from, found.index) + substituted(replacement, found, numbered(found, isNamed), text),
      );
      from = found.index + found[0].length;
    }
    return result + text.slice(from);
  };
  return Array.isArray(left) ? (left as Value[]).map(one) : one(left ?? null);
}

/** -replace and `switch -Regex` name a pattern that is none; what is wrong with it is the exception within. */
export function namingPattern<T>(pattern: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CmdletError) || error.id !== WRONG_REGEX) throw error;
    throw failure('InvalidRegularExpression', `The regular expression pattern ${pattern} is not valid.`, undefined, {
      target: pattern,
      cause: error,
    });
  }
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

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** A text without the escapes of regular expressions, as Regex.Unescape has it. @throws CmdletError (WRONG_REGEX) */
export function unescaped(text: string): string {
  return text.replace(
    /\\(?:([0-7]{1,3})|x([\da-f]{2})|u([\da-f]{4})|c([@-_a-z])|([\s\S]?))/gi,
    (_, octal?: string, x?: string, u?: string, control?: string, one = '', at = 0) => {
      if (octal) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      if (x || u) return String.fromCharCode(Number.parseInt((x ?? u)!, 16));
      if (control) return String.fromCharCode(control.charCodeAt(0) & 31);
      const meant = ESCAPES[one];
      if (meant || (one !== '' && !/\w/.test(one))) return meant ?? one;
      if (one === '') return '';
      const why = /[xu]/.test(one)
        ? 'Insufficient or invalid hexadecimal digits.'
        : `Unrecognized escape sequence \\${one}.`;
      throw new CmdletError(`Invalid pattern '${text}' at offset ${at + 2}. ${why}`, {
        id: WRONG_REGEX,
        category: 'NotSpecified',
      });
    },
  );
}
