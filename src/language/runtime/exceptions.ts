/** Errors as scripts see them: which .NET type they are, for `catch [type]` and `.Exception`. */
import { CmdletError } from '../../pipeline/error.ts';
import { PsObject, printed, type Value } from '../../pipeline/value.ts';

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

/** The type of an error by its id. */
function typeOf(error: CmdletError): string {
  if (error instanceof ThrownError && error.exception) return error.exception.type;
  const { id } = error;
  if (id === 'CommandNotFoundException') return `${AUTOMATION}CommandNotFoundException`;
  if (id === 'ParameterArgumentTransformationError')
    return `${AUTOMATION}ParameterBindingArgumentTransformationException`;
  if (id.startsWith('ParameterArgumentValidationError')) return `${AUTOMATION}ParameterBindingValidationException`;
  if (
    error.kind === 'usage' ||
    /^(?:NamedParameterNotFound|MissingArgument|MissingMandatoryParameter|PositionalParameterNotFound|AmbiguousParameter(?:Set)?|ParameterAlreadyBound|InputObjectNotBound)$/.test(
      id,
    )
  )
    return `${AUTOMATION}ParameterBindingException`;
  if (id === 'CallDepthOverflow') return `${AUTOMATION}ScriptCallDepthException`;
  if (id === 'PathNotFound' || id === 'ItemNotFound') return `${AUTOMATION}ItemNotFoundException`;
  if (/FileNotFound|FileOpenFailure|ReadFile/i.test(id)) return 'System.IO.FileNotFoundException';
  if (id === 'StoreError') return 'System.IO.IOException';
  if (id === 'ManagementObjectNotFound')
    return 'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException';
  if (id === 'Microsoft.PowerShell.Commands.WriteErrorException') return id;
  if (id === 'SetValueInvocationException') return `${AUTOMATION}SetValueInvocationException`;
  // names of .NET types that methods fail with
  if (id === 'ExceptionWhenGetting') return `${AUTOMATION}GetValueInvocationException`;
  if (/^[A-Z]\w+Exception$/.test(id) && id !== 'RuntimeException' && !/InvalidCast/.test(id))
    return `${AUTOMATION}MethodInvocationException`;
  return `${AUTOMATION}RuntimeException`;
}

/** Types of what an error was made of: 1/0 is a RuntimeException around a DivideByZeroException. */
function innerType(error: CmdletError): string | undefined {
  if (/divide by zero/i.test(error.message)) return 'System.DivideByZeroException';
  const { id } = error;
  if (id === 'ExceptionWhenGetting') return 'System.IndexOutOfRangeException';
  if (/InvalidCast|^nullToNonNullable$|^ObjectCreationError$/.test(id))
    return 'System.Management.Automation.PSInvalidCastException';
  if (/^[A-Z]\w+Exception$/.test(id) && !/^(?:Runtime|MethodInvocation|CommandNotFound|SetValueInvocation)/.test(id))
    return `System.${id}`;
  return undefined;
}

const STOPPED = `${AUTOMATION}ActionPreferenceStopException`;

/** Is it what a cmdlet reports? Others are PowerShell's own errors, of expressions, calls and bindings. */
function isOfCmdlet(type: string): boolean {
  return (
    !/(?:Runtime|Invocation|Binding(?:\w+)?|NotFound|CallDepth|Parse)Exception$/.test(type) ||
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
  for (const start of [own, innerType(error), outer]) {
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
  constructor(type: string, message: string, inner: Value = null) {
    super(type, { Message: message, InnerException: inner, HResult: -2146233088, Source: null, StackTrace: null });
  }
  override toString(): string {
    return `${this.type}: ${printed(this.properties.Message)}`;
  }
}

export function exceptionOf(error: CmdletError): ExceptionObject {
  if (error instanceof ThrownError && error.exception) return error.exception;
  const called = /^Exception (?:calling|getting) "\.?\w+"(?: with "\d+" argument\(s\))?: "([\s\S]*)"(?: [^"]*)?$/.exec(
    error.message,
  )?.[1];
  if (called !== undefined) {
    const type = innerType(error) ?? 'System.Exception';
    return new ExceptionObject(typeOf(error), error.message, new ExceptionObject(type, called));
  }
  const inner = innerType(error);
  return new ExceptionObject(typeOf(error), error.message, inner ? new ExceptionObject(inner, error.message) : null);
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
      target: exception ? '' : Array.isArray(thrown) ? 'System.Object[]' : printed(thrown),
    });
  }
}

/** What an error is about: the thrown value itself, else a name. */
export function targetOf(error: CmdletError): Value {
  if (error instanceof ThrownError) return error.exception ? null : error.thrown;
  return error.target === '' ? null : error.target;
}

export function targetTypeOf(error: CmdletError): string {
  if (targetOf(error) === null) return '';
  return error instanceof ThrownError ? error.thrownType : 'String';
}
