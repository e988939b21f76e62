/** `text -replace pattern, { … }`. */
import { SafeRegex } from '../../pipeline/safe-regex.ts';
import { type PsObject, printed, type ScriptBlock, type Value } from '../../pipeline/value.ts';
import { calleeOf } from './block.ts';
import { invoked } from './call.ts';
import { collected, elements } from './convert.ts';
import { checkText } from './limits.ts';
import { matchObject, Regex } from './net-objects.ts';
import type { Result } from './runnable.ts';
import type { Session } from './session.ts';
import { namingPattern } from './text-operators.ts';

/** `text -replace pattern, { $_.Value.ToUpper() }`: what the block gives for each match, which is $_. */
export async function replacedByBlock(
  left: Result,
  [wanted, block]: readonly [pattern: Value, block: ScriptBlock],
  caseSensitive: boolean,
): Promise<Result> {
  if (left === undefined) return [];
  const pattern = printed(wanted);
  const regex = namingPattern(pattern, () => SafeRegex.of(pattern, caseSensitive));
  const made: Value[] = [];
  const by = async (found: PsObject) => collected(await block.call(found));
  for (const value of elements(left)) made.push(await eachReplaced(printed(value), regex, pattern, by));
  return Array.isArray(left) ? made : made[0];
}

export function isRegex(value: Result): value is Regex {
  return value instanceof Regex;
}

/** `[regex]::Replace(text, pattern, { param($m) … })`: what the block gives for each match, which is its first argument. */
export async function replacedByEvaluator(
  regex: Regex,
  text: string,
  block: ScriptBlock,
  session: Session,
): Promise<Result> {
  const pattern = SafeRegex.of(regex.pattern, regex.properties.Options !== 'IgnoreCase');
  return eachReplaced(text, pattern, regex.pattern, (found) => invoked(calleeOf(block)!, [found], session));
}

async function eachReplaced(
  text: string,
  regex: SafeRegex,
  pattern: string,
  replacement: (found: PsObject) => Promise<Result>,
): Promise<string> {
  let result = '';
  let from = 0;
  for (const found of regex.all(text)) {
    const by = printed(await replacement(matchObject(found, pattern)));
    result = checkText(result + text.slice(from, found.index) + by);
    from = found.index + found[0].length;
  }
  return result + text.slice(from);
}
