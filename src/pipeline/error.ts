/** Where in a script an error arose. */
export interface ErrorPlace {
  /** The script's full name; `''`: the text stands in no file. */
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** What of the line is shown, and `~~~` under what failed. */
  readonly excerpt: readonly [shown: string, marks: string];
  /** The function that is said to have failed: Write-Error speaks for the one it stands in. */
  readonly command: string | undefined;
}

/** What goes wrong in a cmdlet. `usage`: the command was typed wrong (exit 2). `failed`: it could not be done (exit 1). */
export class CmdletError extends Error {
  /** PowerShell's fully qualified error id, without the cmdlet: `ManagementObjectNotFound`. */
  readonly id: string;
  readonly category: string;
  /** What it was about: a name, an address. */
  readonly target: string;
  /** The type of what it is about, without its name space: `String`. */
  readonly targetType: string;
  /** .NET's full name of its exception, where the id does not say it. */
  readonly type: string | undefined;
  readonly kind: 'usage' | 'failed';
  /** It ends its pipeline, whatever -ErrorAction says (ThrowTerminatingError). */
  readonly ends: boolean;
  /** Known once it has left its statement. */
  place?: ErrorPlace;

  constructor(
    message: string,
    options: {
      kind?: 'usage' | 'failed';
      id?: string;
      category?: string;
      target?: string;
      targetType?: string;
      type?: string;
      ends?: boolean;
      /** What it was made of: .InnerException. */
      cause?: CmdletError;
    } = {},
  ) {
    super(message, options.cause && { cause: options.cause });
    this.kind = options.kind ?? 'failed';
    this.ends = options.ends ?? false;
    this.id = options.id ?? (this.kind === 'usage' ? 'ParameterBindingFailed' : 'OperationFailed');
    this.category = options.category ?? (this.kind === 'usage' ? 'InvalidArgument' : 'InvalidOperation');
    this.target = options.target ?? '';
    this.targetType = options.targetType ?? (this.target === '' ? '' : 'String');
    this.type = options.type;
  }
}

/** An error in how the command was typed: exit 2. */
export function usage(message: string): CmdletError {
  return new CmdletError(message, { kind: 'usage' });
}
