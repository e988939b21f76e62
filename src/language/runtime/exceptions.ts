/** Errors as scripts see them: which .NET type they are, for `catch [type]` and `.Exception`. */
import { CmdletError } from '../../pipeline/error.ts';
import { PsObject, printed, type Value } from '../../pipeline/value.ts';
import { netText } from '../../print/format-string.ts';
import { NetException, reasonType } from './net-exception.ts';

/** What a type derives from, up to System.Exception, which all do. */
const BASES: Readonly<Record<string, string>> = {
  'System.DivideByZeroException': 'System.ArithmeticException',
  'System.OverflowException': 'System.ArithmeticException',
  'System.Management.Automation.PSInvalidCastException': 'System.InvalidCastException',
  'System.ArgumentNullException': 'System.ArgumentException',
  'System.ArgumentOutOfRangeException': 'System.ArgumentException',
  'System.IO.FileNotFoundException': 'System.IO.IOException',
  'System.Text.RegularExpressions.RegexParseException': 'System.ArgumentException',
  'System.IO.DirectoryNotFoundException': 'System.IO.IOException',
  'System.Management.Automation.PSArgumentException': 'System.ArgumentException',
  'System.Management.Automation.PSInvalidOperationException': 'System.InvalidOperationException',
  'System.Management.Automation.SessionStateUnauthorizedAccessException':
    'System.Management.Automation.SessionStateException',
  'System.Management.Automation.ParameterBindingValidationException':
    'System.Management.Automation.ParameterBindingException',
  'System.Management.Automation.ParameterBindingArgumentTransformationException':
    'System.Management.Automation.ParameterBindingException',
  'System.Management.Automation.ParameterBindingException': 'System.Management.Automation.RuntimeException',
  'System.Management.Automation.CommandNotFoundException': 'System.Management.Automation.RuntimeException',
  'System.Management.Automation.MethodInvocationException': 'System.Management.Automation.MethodException',
  'System.Management.Automation.MethodException': 'System.Management.Automation.ExtendedTypeSystemException',
  'System.Management.Automation.ActionPreferenceStopException': 'System.Management.Automation.RuntimeException',
  'System.Management.Automation.ParseException': 'System.Management.Automation.RuntimeException',
  'System.Management.Automation.ScriptCallDepthException': 'System.SystemException',
  'System.Management.Automation.ItemNotFoundException': 'System.Management.Automation.SessionStateException',
  'System.Management.Automation.SessionStateException': 'System.Management.Automation.RuntimeException',
  'System.Management.Automation.GetValueInvocationException': 'System.Management.Automation.GetValueException',
  'System.Management.Automation.GetValueException': 'System.Management.Automation.ExtendedTypeSystemException',
  'System.Management.Automation.ExtendedTypeSystemException': 'System.Management.Automation.RuntimeException',
  'System.Management.Automation.SetValueInvocationException': 'System.Management.Automation.SetValueException',
  'System.Management.Automation.SetValueException': 'System.Management.Automation.ExtendedTypeSystemException',
};

const AUTOMATION = 'System.Management.Automation.';

/** Exceptions of PowerShell's own, by the ids of their errors. */
const BY_ID: readonly (readonly [ids: RegExp, type: string])[] = [
  [/^CommandNotFoundException$/, 'CommandNotFoundException'],
  [/^ParameterArgumentTransformationError$/, 'ParameterBindingArgumentTransformationException'],
  [/^ParameterArgumentValidationError/, 'ParameterBindingValidationException'],
  [
    /^(?:NamedParameterNotFound|MissingArgument|MissingMandatoryParameter|PositionalParameterNotFound|AmbiguousParameter(?:Set)?|ParameterAlreadyBound|InputObjectNotBound)$/,
    'ParameterBindingException',
  ],
  [/^CallDepthOverflow$/, 'ScriptCallDepthException'],
  [/^InvalidSplitOptionWithPredicate$/, 'ParseException'],
  [/^(?:PathNotFound|ItemNotFound(?:Exception)?)$/, 'ItemNotFoundException'],
  [/^(?:SetValueInvocationException|ExceptionWhenSetting)$/, 'SetValueInvocationException'],
  [/^MaxRangeSmallerThanMinRange$/, 'ValidationMetadataException'],
  [/^InvalidCastFromStringToType$/, 'PSInvalidCastException'],
  [/^ExceptionWhenGetting$/, 'GetValueInvocationException'],
  [/^(?:MethodArgumentConversion\w+|MethodCountCouldNotFindBest)$/, 'MethodException'],
  [/^(?:Alias|Variable)Not(?:Writable|Removable)$/, 'SessionStateUnauthorizedAccessException'],
  [/^AliasAlreadyExists$/, 'SessionStateException'],
  [/^(?:PSObjectCompareTo|AlreadyPresentPSMemberInfoInternalCollectionAdd)$/, 'ExtendedTypeSystemException'],
  [
    /^(?:Argument|DictionaryKeyIllegal|ExpandPropertyNotFound|AlreadyExistingUserSpecifiedPropertyNoExpand)$/,
    'PSArgumentException',
  ],
  [/^NonNumericInputObject$/, 'PSInvalidOperationException'],
];

/** The type of an error: what it says itself, else by its id. */
function typeOf(error: CmdletError): string {
  if (error instanceof ThrownError && error.exception) return error.exception.type;
  if (error.type) return error.type;
  const { id } = error;
  const known = BY_ID.find(([ids]) => ids.test(id));
  if (known) return AUTOMATION + known[1];
  // an exception of .NET that nothing is around of
  if (/^[A-Z]\w+\.[\w.]+Exception$/.test(id)) return id;
  if (error.kind === 'usage') return `${AUTOMATION}ParameterBindingException`;
  if (/FileNotFound|FileOpenFailure|ReadFile/i.test(id)) return 'System.IO.FileNotFoundException';
  if (id === 'StoreError') return 'System.IO.IOException';
  if (id === 'ManagementObjectNotFound')
    return 'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException';
  // names of .NET types that methods fail with
  if (/^[A-Z]\w+Exception$/.test(id) && !/^(?:Runtime|PropertyAssignment)|InvalidCast/.test(id))
    return `${AUTOMATION}MethodInvocationException`;
  return `${AUTOMATION}RuntimeException`;
}

/** What an error was made of: 1/0 is a RuntimeException around a DivideByZeroException, a cast one around a PSInvalidCastException. */
function innerOf(error: CmdletError): ExceptionObject | null {
  const { id, message, cause } = error;
  // what a method threw, or why an argument cannot be what the method takes
  if (cause instanceof NetException) return new ExceptionObject(netType(cause.id), cause.message);
  if (cause instanceof CmdletError) return innerOf(cause) ?? new ExceptionObject(typeOf(cause), cause.message);
  if (/divide by zero/i.test(message)) return new ExceptionObject('System.DivideByZeroException', message);
  if (!/InvalidCast|^nullToObject|^ObjectCreationError$/.test(id)) return null;
  const why = /Error: "([\s\S]*)"$/.exec(message)?.[1];
  const reason = why === undefined ? null : new ExceptionObject(netType(reasonType(why)), why);
  return new ExceptionObject(`${AUTOMATION}PSInvalidCastException`, message, reason);
}

/** With its name space. */
function netType(id: string): string {
  return id === 'RegexParseException' ? `System.Text.RegularExpressions.${id}` : `System.${id}`;
}

const STOPPED = `${AUTOMATION}ActionPreferenceStopException`;

/** Is it what a cmdlet reports? Others are PowerShell's own errors, of expressions, calls and bindings. */
function isOfCmdlet(type: string): boolean {
  return (
    !/(?:Runtime|Method|Invocation|Binding(?:\w+)?|NotFound|CallDepth|Parse)Exception$/.test(type) ||
    /ItemNotFound|FileNotFound|ObjectNotFound/.test(type)
  );
}

/** Is the error of this type, as `catch [type]` asks? Name spaces may be left out. */
export function isError(error: CmdletError, written: string): boolean {
  const wanted = written.toLowerCase();
  const short = (name: string) => name.slice(name.lastIndexOf('.') + 1);
  if (/^(?:system\.)?exception$/.test(wanted)) return true;
  const own = typeOf(error);
  // what `throw` wraps it in, and what -ErrorAction Stop does
  const outer = error instanceof ThrownError ? `${AUTOMATION}RuntimeException` : isOfCmdlet(own) ? STOPPED : undefined;
  for (const start of [own, innerOf(error)?.type, outer]) {
    for (let type = start; type; type = BASES[type]) {
      const lower = type.toLowerCase();
      if (lower === wanted || (!wanted.includes('.') ? short(lower) === wanted : lower === `system.${wanted}`))
        return true;
    }
  }
  return false;
}

/** What an error's .Exception is. */
export class ExceptionObject extends PsObject {
  constructor(type: string, message: string, inner: Value = null, more: Readonly<Record<string, Value>> = {}) {
    super(type, {
      Message: message,
      ...more,
      InnerException: inner,
      HResult: -2146233088,
      Source: null,
      StackTrace: null,
    });
  }
  override toString(): string {
    return `${this.type}: ${printed(this.properties.Message)}`;
  }
}

/** What exceptions about an argument say when nothing else is said. */
const OF_ARGUMENTS: Readonly<Record<string, string>> = {
  'System.ArgumentException': 'Value does not fall within the expected range.',
  'System.ArgumentNullException': 'Value cannot be null.',
  'System.ArgumentOutOfRangeException': 'Specified argument was out of the range of valid values.',
};

/** `[Type]::new(…)` of an exception: what it says, the one within it, and which argument it is about. */
export function newException(type: string, args: readonly Value[]): ExceptionObject {
  const inner = args.find((one) => one instanceof ExceptionObject) ?? null;
  const given = args.filter((one) => one !== inner);
  const usual = OF_ARGUMENTS[type];
  if (!usual || !given.length)
    return new ExceptionObject(
      type,
      given.length ? printed(given[0]) : (usual ?? `Exception of type '${type}' was thrown.`),
      inner,
    );
  // the more special ones have the name first, and what it was before the message
  const nameFirst = type !== 'System.ArgumentException' && !inner;
  const name = nameFirst ? given[0] : given[1];
  const message = nameFirst ? given.slice(1).at(-1) : given[0];
  const about = name === undefined ? '' : ` (Parameter '${printed(name)}')`;
  const actual = nameFirst && given.length > 2 ? (given[1] ?? null) : null;
  return new ExceptionObject(
    type,
    `${message === undefined ? usual : printed(message)}${about}${actual === null ? '' : `\nActual value was ${printed(actual)}.`}`,
    inner,
    { ParamName: name ?? null, ...(type.endsWith('OutOfRangeException') ? { ActualValue: actual } : {}) },
  );
}

export function exceptionOf(error: CmdletError): ExceptionObject {
  if (error instanceof ThrownError && error.exception) return error.exception;
  return new ExceptionObject(typeOf(error), error.message, innerOf(error));
}

/** What `throw` threw. */
export class ThrownError extends CmdletError {
  constructor(
    message: string,
    readonly thrown: Value,
    readonly exception?: ExceptionObject,
    /** Its type, without the name space. */
    readonly thrownType = 'String',
  ) {
    super(message, {
      id: message,
      category: 'OperationStopped',
      target: exception ? '' : netText(thrown),
    });
  }
}

/** What an error is about: the thrown value itself, else a name. */
export function targetOf(error: CmdletError): Value {
  if (error instanceof ThrownError) return error.exception ? null : error.thrown;
  return error.target === '' ? null : error.target;
}

export function targetTypeOf(error: CmdletError): string {
  if (error instanceof ThrownError) return targetOf(error) === null ? '' : error.thrownType;
  return error.targetType;
}
