/** `[ValidateSet()]` and the like, with PowerShell's words (ValidationMetadata in Attributes.cs). */
import { tooLarge, tooSmall } from '../../pipeline/argument-range.ts';
import { compareValues } from '../../pipeline/compare.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { SafeRegex } from '../../pipeline/safe-regex.ts';
import { isScriptBlock, printed, type Value } from '../../pipeline/value.ts';
import { bindingError } from './binding-error.ts';
import type { ValueCheck } from './callee.ts';
import { collected, elements, toBool, toNumber } from './convert.ts';
import { failure, fromCommand } from './failure.ts';
import type { Session } from './session.ts';

/** @throws CmdletError when the value is not what the attribute allows */
export async function checkValue(parameter: string, check: ValueCheck, value: Value, session: Session): Promise<void> {
  if (value === null && !/^validate(?:notnull|count)/.test(check.name)) throw notValid(parameter, NO_ELEMENT);
  const given: Value[] = [];
  for (const plan of check.positional) given.push((await plan.run(session)) ?? null);
  const ignoreCase = await check.named.get('ignorecase')?.run(session);
  const problem =
    check.name === 'validatescript'
      ? await scriptSaysNo(given[0]!, elements(value))
      : problemOf(check.name, given, value, ignoreCase === false);
  if (problem) throw notValid(parameter, problem);
}

function notValid(parameter: string, problem: string): Error {
  return bindingError(
    'ParameterArgumentValidationError',
    `Cannot validate argument on parameter '${parameter}'. ${problem}`,
    'InvalidData',
  );
}

/** Of attributes that look at each element. */
const NO_ELEMENT =
  'The argument is null, empty, or an element of the argument collection contains a null value. Supply a collection that does not contain any null values and then try the command again.';

const EMPTY =
  'The argument is null or empty. Provide an argument that is not null or empty, and then try the command again.';
const NULL = 'The argument is null. Provide a valid value for the argument, and then try running the command again.';

/** Attributes that look at each element of a list. */
const EACH = new Set(['validateset', 'validaterange', 'validatelength', 'validatepattern']);

function problemOf(name: string, given: readonly Value[], value: Value, caseSensitive: boolean): string | undefined {
  const all = value === null ? [] : elements(value);
  if (all.includes(null) && EACH.has(name)) return NULL;
  switch (name) {
    case 'validateset': {
      const wrong = all.find((one) => !given.flat().some((allowed) => isSame(one, allowed as Value, caseSensitive)));
      return wrong === undefined
        ? undefined
        : `The argument "${printed(wrong)}" does not belong to the set "${given
            .flat()
            .map((one) => printed(one as Value))
            .join(
              ',',
            )}" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.`;
    }
    case 'validaterange':
      return first(all, (one) => outOfRange(one, given));
    case 'validatelength':
      return first(all, (one) => wrongLength(printed(one), toNumber(given[0]), toNumber(given[1])));
    case 'validatepattern': {
      const pattern = printed(given[0]);
      const wrong = all.find((one) => !SafeRegex.of(pattern, false).exec(printed(one)));
      return wrong === undefined
        ? undefined
        : `The argument "${printed(wrong)}" does not match the "${pattern}" pattern. Supply an argument that matches "${pattern}" and try the command again.`;
    }
    case 'validatecount': {
      const count = Array.isArray(value) ? value.length : value === null ? 0 : 1;
      const [least, most] = [toNumber(given[0]), toNumber(given[1])];
      return count >= least && count <= most
        ? undefined
        : `The parameter requires at least ${least} value(s) and no more than ${most} value(s) - ${count} value(s) were provided.`;
    }
    case 'validatenotnull':
      return value === null || all.includes(null) ? NULL : undefined;
    case 'validatenotnullorempty':
      return value === null ||
        value === '' ||
        (Array.isArray(value) && (!value.length || all.some((one) => one === null || one === '')))
        ? EMPTY
        : undefined;
    case 'validatenotnullorwhitespace':
      return value === null || all.some((one) => printed(one).trim() === '')
        ? 'The argument is null, empty, or consists of only white-space characters. Provide an argument that contains non white-space characters, and then try the command again.'
        : undefined;
    default:
      return undefined;
  }
}

function first(values: readonly Value[], problem: (value: Value) => string | undefined): string | undefined {
  for (const value of values) {
    const found = problem(value);
    if (found) return found;
  }
  return undefined;
}

function isSame(a: Value, b: Value, caseSensitive: boolean): boolean {
  const [left, right] = [printed(a), printed(b)];
  return caseSensitive ? left === right : left.toLowerCase() === right.toLowerCase();
}

function outOfRange(value: Value, [least, most]: readonly Value[]): string | undefined {
  const kind = printed(least).toLowerCase();
  if (most === undefined) {
    const number = toNumber(value);
    const holds = { positive: number > 0, nonnegative: number >= 0, negative: number < 0, nonpositive: number <= 0 }[
      kind
    ];
    return holds === false
      ? `The argument "${printed(value)}" cannot be validated because its value is not ${RANGE_WORDS[kind]}.`
      : undefined;
  }
  if (compareValues('lt', most, least!, false) === true)
    // of the attribute, not of the function whose parameter it stands at
    throw fromCommand(
      failure(
        'MaxRangeSmallerThanMinRange',
        'The specified maximum range cannot be accepted because it is less than the specified minimum range. Update the ValidateRange attribute for the parameter.',
        'MetadataError',
      ),
      '',
    );
  if (compareValues('lt', value, least!, false) === true) return tooSmall(printed(value), printed(least));
  if (compareValues('gt', value, most, false) === true) return tooLarge(printed(value), printed(most));
  return undefined;
}
const RANGE_WORDS: Readonly<Record<string, string>> = {
  positive: 'greater than zero',
  nonnegative: 'greater than or equal to zero',
  negative: 'less than zero',
  nonpositive: 'less than or equal to zero',
};

function wrongLength({ length }: string, least: number, most: number): string | undefined {
  if (length > most)
    return `The character length of the ${length} argument is too long. Shorten the character length of the argument so it is fewer than or equal to "${most}" characters, and then try the command again.`;
  if (length < least)
    return `The character length (${length}) of the argument is too short. Specify an argument with a length that is greater than or equal to "${least}", and then try the command again.`;
  return undefined;
}

async function scriptSaysNo(block: Value, values: readonly Value[]): Promise<string | undefined> {
  if (!isScriptBlock(block)) return undefined;
  for (const value of values) {
    try {
      if (toBool(collected(await block.evaluate(value, 'throws')))) continue;
    } catch (error) {
      if (error instanceof CmdletError) return error.message;
      throw error;
    }
    return `The "${block.text}" validation script for the argument with value "${printed(value)}" did not return a result of True. Determine why the validation script failed, and then try the command again.`;
  }
  return undefined;
}
