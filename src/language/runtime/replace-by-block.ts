/** `text -replace pattern, { … }`. */
import { SafeRegex } from '../../pipeline/safe-regex.ts';
import { printed, type ScriptBlock, type Value } from '../../pipeline/value.ts';
import { collected, elements } from './convert.ts';
import { checkText } from './limits.ts';
import { matchObject } from './net-objects.ts';
import type { Result } from './runnable.ts';
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
  for (const value of elements(left)) {
    const text = printed(value);
    let result = '';
    let from = 0;
    for (const found of regex.all(text)) {
      const by = printed(collected(await block.call(matchObject(found, pattern))));
      result = checkText(result + text.slice(from, found.index) + by);
      from = found.index + found[0].length;
    }
    made.push(result + text.slice(from));
  }
  return Array.isArray(left) ? made : made[0];
}
