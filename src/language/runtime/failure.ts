/** Errors of expressions while they run: they end their statement, and the script goes on with the next one, as in PowerShell. */

import { printable } from '../../domain/value-error.ts';
import { CmdletError } from '../../pipeline/error.ts';
import type { Value } from '../../pipeline/value.ts';
import { PsObject } from '../../pipeline/value.ts';

/** @param id PowerShell's error id: `InvokeMethodOnNull` */
export function failure(id: string, message: string, category = 'InvalidOperation'): CmdletError {
  return new CmdletError(message, { id, category });
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

/** An element of $Error: what PowerShell's ErrorRecord shows of itself. As text it is its message. */
export class ErrorRecord extends PsObject {
  constructor(
    readonly error: CmdletError,
    readonly command: string,
  ) {
    super('ErrorRecord', {
      Exception: new PsObject('Exception', { Message: error.message, HResult: 0 }),
      TargetObject: error.target as Value,
      CategoryInfo: `${error.category}: (${error.target}:String) [${command}], ${command ? 'CmdletException' : 'RuntimeException'}`,
      FullyQualifiedErrorId: command ? `${error.id},${command}` : error.id,
    });
  }
  override toString(): string {
    return this.error.message;
  }
  /** As a terminal shows it, safe to write. */
  shown(): string {
    const text = this.command ? `${this.command}: ${this.error.message}` : this.error.message;
    return text.split('\n').map(printable).join('\n');
  }
}

/** Leaves the script: `exit 3`. */
export class ExitScript extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** `break` and `continue` on their way to the loop they belong to. */
export class LeaveLoop extends Error {
  constructor(readonly how: 'break' | 'continue') {
    super(how);
  }
}
