/** What a .NET method throws, and how PowerShell tells it: `Exception calling "Substring" with "1" argument(s): "…"`. */
import { CmdletError } from '../../pipeline/error.ts';
import { WRONG_REGEX } from '../../pipeline/safe-regex.ts';
import type { Value } from '../../pipeline/value.ts';
import { netText } from '../../print/format-string.ts';

/** Thrown by what a method does; whoever calls the method says which one it was (`called`). */
export class NetException extends CmdletError {
  /** @param type without its name space: `ArgumentOutOfRangeException` @param hint what to write instead, said behind it */
  constructor(
    type: string,
    message: string,
    readonly hint = '',
  ) {
    super(message, { id: type, category: 'NotSpecified' });
  }
}

/** What is given is out of what can be. */
export function argumentOutOfRange(message: string): NetException {
  return new NetException('ArgumentOutOfRangeException', message);
}

/** `startIndex ('-1') must be a non-negative value. (Parameter 'startIndex')`, as ArgumentOutOfRangeException's helpers word it. */
export function outOfRange(parameter: string, value: number, why = 'must be a non-negative value'): NetException {
  return argumentOutOfRange(`${parameter} ('${value}') ${why}. (Parameter '${parameter}')\nActual value was ${value}.`);
}

/** An index beyond what there is. @param inclusive the size itself is an index too: a place to insert at */
export function badIndex(parameter: string, inclusive: boolean): NetException {
  const most = inclusive ? 'less than or equal to' : 'less than';
  return argumentOutOfRange(
    `Index was out of range. Must be non-negative and ${most} the size of the collection. (Parameter '${parameter}')`,
  );
}

/** Of a `.Replace`. */
export function emptyOldValue(): NetException {
  return new NetException('ArgumentException', "The value cannot be an empty string. (Parameter 'oldValue')");
}

/** Calls a method. @throws CmdletError what it throws, said of the call */
export function called<T>(name: string, count: number, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const why = error instanceof NetException ? error : ownProblem(error);
    if (!why) throw error;
    const hint = why.hint && ` ${why.hint}`;
    throw new CmdletError(`Exception calling "${name}" with "${count}" argument(s): "${why.message}"${hint}`, {
      id: why.id,
      category: 'NotSpecified',
      cause: why,
    });
  }
}

/** What a format or a pattern says of itself is said of the call too. */
function ownProblem(error: unknown): NetException | undefined {
  if (!(error instanceof CmdletError)) return undefined;
  if (error.id === 'FormatError') return new NetException('FormatException', error.message);
  return error.id === WRONG_REGEX ? new NetException('RegexParseException', error.message) : undefined;
}

/** What a text says, as a `Parse` reads it: that it says none is the method's own exception, not a conversion's. @param read what the cast does */
export function parsed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const why = error instanceof CmdletError ? /Error: "([\s\S]*)"$/.exec(error.message)?.[1] : undefined;
    if (why === undefined) throw error;
    throw new NetException(reasonType(why), why);
  }
}

/** The exception that a conversion's reason is of, without its name space. */
export function reasonType(why: string): string {
  if (why.startsWith('Invalid cast from')) return 'InvalidCastException';
  if (why.startsWith('Invalid pattern ')) return 'RegexParseException';
  if (why.startsWith('Ticks must be')) return 'ArgumentOutOfRangeException';
  return /too large or too small|out of range or contains too many digits/.test(why)
    ? 'OverflowException'
    : 'FormatException';
}

/** PowerShell's word when no overload takes so many arguments. */
export function noOverload(method: string, count: number, what = 'Cannot find an overload'): CmdletError {
  return new CmdletError(`${what} for "${method}" and the argument count: "${count}".`, {
    id: 'MethodCountCouldNotFindBest',
    category: 'NotSpecified',
  });
}
export const AMBIGUOUS = 'Multiple ambiguous overloads found';

/** An argument that cannot be what the parameter is. @param type of the parameter, .NET's name */
export function argumentProblem(
  parameter: string,
  value: Value,
  method: string,
  type: string,
  why: CmdletError,
): CmdletError {
  return new CmdletError(
    `Cannot convert argument "${parameter}", with value: "${Array.isArray(value) ? 'System.Object[]' : netText(value)}", for "${method}" to type "${type}": "${why.message}"`,
    { id: 'MethodArgumentConversionInvalidCastArgument', category: 'NotSpecified', cause: why },
  );
}
