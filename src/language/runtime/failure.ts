/** Errors of expressions while they run: they end their statement, and the script goes on with the next one, as in PowerShell. */

import { conciseView } from '../../pipeline/concise-view.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { StopStatement } from '../../pipeline/run.ts';
import { PsObject, printed, Said, type Value } from '../../pipeline/value.ts';
import type { StoreError } from '../../store/store-error.ts';
import { printable } from '../../text/printable.ts';
import { exceptionOf, ThrownError, targetOf, targetTypeOf } from './exceptions.ts';
import { functionOf, invocationInfo, stackTrace } from './place.ts';
import type { Leave } from './runnable.ts';

/** @param id PowerShell's error id: `InvokeMethodOnNull` @param about what it is about, and its type without the name space */
export function failure(
  id: string,
  message: string,
  category = 'InvalidOperation',
  about: { readonly target?: string | undefined; readonly targetType?: string; readonly cause?: CmdletError } = {},
): CmdletError {
  return new CmdletError(message, { id, category, ...about });
}

/** Its target is the folder of a store that cannot be read. */
export function storeFailure({ message, folder }: StoreError): CmdletError {
  return failure('StoreError', message, 'ResourceUnavailable', { target: folder });
}

const ORIGINS = new WeakMap<CmdletError, string>();

/** Says which cmdlet an error comes from that ended its statement. */
export function fromCommand<E>(error: E, command: string): E {
  if (error instanceof CmdletError && !ORIGINS.has(error)) ORIGINS.set(error, command);
  return error;
}
export function originOf(error: CmdletError): string {
  return ORIGINS.get(error) ?? '';
}

/** What stands before the message when no cmdlet does, as PowerShell's ConciseView has it. */
export function headOf(error: CmdletError): string {
  if (error instanceof ThrownError) return 'Exception';
  return error.category === 'NotSpecified' ? exceptionOf(error).type.replace(/^.*\./, '') : error.category;
}

/** An element of $Error: what PowerShell's ErrorRecord shows of itself. As text it is its message. */
export class ErrorRecord extends Said {
  constructor(
    readonly error: CmdletError,
    readonly command: string,
  ) {
    super('ErrorRecord', recordProperties(error, command));
  }
  override toString(): string {
    return this.error.message;
  }
  /** As a terminal shows it. */
  shown(): string {
    const text =
      this.command || this.error.place
        ? conciseView(this.error, this.command || headOf(this.error))
        : this.error.message;
    return text.split('\n').map(printable).join('\n');
  }
}

function recordProperties(error: CmdletError, command: string): Record<string, Value> {
  const exception = exceptionOf(error);
  const reason = exception.type.slice(exception.type.lastIndexOf('.') + 1);
  const target = targetOf(error);
  // what Write-Error writes is of the function around it
  const own = command === 'Write-Error' && error.type?.endsWith('WriteErrorException') ? '' : command;
  const writer = own ? className(own) : command && functionOf(error);
  const category = new CategoryInfo(error.category, command, reason, error.target, targetTypeOf(error));
  return {
    Exception: exception,
    TargetObject: target,
    CategoryInfo: category,
    FullyQualifiedErrorId: writer ? `${error.id},${writer}` : error.id,
    ErrorDetails: null,
    // where it arose is known only when it has left its statement
    get InvocationInfo() {
      return invocationInfo(error, own);
    },
    get ScriptStackTrace() {
      return stackTrace(error);
    },
  };
}

/** PowerShell's own cmdlets are named by their class. */
function className(command: string): string {
  const [, verb, noun] = OF_POWERSHELL.exec(command) ?? [];
  return noun ? `Microsoft.PowerShell.Commands.${verb}${noun}Command` : command;
}
const OF_POWERSHELL =
  /^([A-Z]\w+)-((?:Child)?Item|Content|Path|Object|Csv|Json|Clixml|Html|String|File|Null|Date|TimeSpan|Variable|Alias|Member|Unique|Random|Guid|StringData|Host|Output|Error|Warning|Verbose|Debug|Information|Progress|Table|List|Wide|Expression|Command|Help|Sleep|Transcript|SecureString)$/;

/** `ObjectNotFound: (Relay:String) [Get-ReceiveConnector], CmdletException` */
class CategoryInfo extends PsObject {
  constructor(category: string, activity: string, reason: string, target: string, type: string) {
    super('ErrorCategoryInfo', {
      Category: category,
      Activity: activity,
      Reason: reason,
      TargetName: target,
      TargetType: type,
    });
  }
  override toString(): string {
    const { Category, Activity, Reason, TargetName, TargetType } = this.properties;
    return `${Category}: (${ellipsized(printed(TargetName))}:${TargetType || ''}) [${Activity}], ${Reason}`;
  }
}

/** The two ends of a long name, as ErrorCategoryInfo.Ellipsize has them. */
function ellipsized(name: string): string {
  return name.length <= LONGEST_TARGET ? name : `${name.slice(0, TARGET_END)}…${name.slice(-TARGET_END)}`;
}
const LONGEST_TARGET = 40;
const TARGET_END = 19;

const RECORDS = new WeakMap<CmdletError, ErrorRecord>();

/** The record of an error: the same in $Error, -ErrorVariable and `catch`. */
export function recordOf(error: CmdletError, command = originOf(error)): ErrorRecord {
  const known = RECORDS.get(error);
  if (known) return known;
  const record = new ErrorRecord(error, command);
  RECORDS.set(error, record);
  return record;
}

/** Ends the script whatever it catches: Ctrl-C, and what takes too long. */
export class StopForGood extends StopStatement {}

/** An error ended the statement, and has been told. */
export class EndedStatement extends Error {}

/** Leaves the script: `exit 3`. */
export class ExitScript extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** `break`, `continue` or `return` on its way out of a block to the loop or function it belongs to. */
export class Leaving {
  constructor(
    readonly leave: Leave,
    /** What was given before, which goes where the statement's output goes: `$x = if (…) { return 5 }`. */
    readonly given: Value[] = [],
  ) {}
}
