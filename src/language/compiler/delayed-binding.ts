/** `… | Set-ReceiveConnector -Identity { $_.Identity }`: a parameter that takes what is piped in may be worked out from it (about_Script_Blocks, delay-bind). */
import type { Cmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { each } from '../../pipeline/peekable-stream.ts';
import { isScriptBlock, printed, type ScriptBlock, type Value } from '../../pipeline/value.ts';
import { collected, shortTypeName } from '../runtime/convert.ts';
import type { Session } from '../runtime/session.ts';

export interface CmdletGiven {
  readonly named: readonly [Parameter, Value][];
  readonly positional: readonly Value[];
}

export function isDelayed([parameter, value]: readonly [Parameter, Value]): boolean {
  return (parameter.pipeline || parameter.byProperty) === true && parameter.type !== 'value' && isScriptBlock(value);
}

/** The cmdlet once for each object, with what its blocks make of it. @param start its output */
export async function* eachBound(
  cmdlet: Cmdlet,
  { named, positional }: CmdletGiven,
  session: Session,
  input: AsyncIterable<Value>,
  start: (given: CmdletGiven, input: AsyncIterable<Value> | undefined) => AsyncIterable<Value>,
): AsyncGenerator<Value> {
  const { outcome } = session;
  // where a block stands for what would be piped in, or all that would take it is given, the object is not piped in as well
  const isGiven = (parameter: Parameter) => named.some(([one]) => one === parameter);
  const takesObject =
    named.some((one) => isDelayed(one) && one[0].pipeline) ||
    cmdlet.parameters.filter(({ pipeline }) => pipeline).every(isGiven);
  for await (const object of input) {
    const known: [Parameter, Value][] = [];
    try {
      for (const one of named) known.push(isDelayed(one) ? [one[0], await workedOut(one, object)] : one);
    } catch (error) {
      if (!(error instanceof CmdletError)) throw error;
      session.report(error, cmdlet.name);
      continue;
    }
    const around = session.outcome;
    session.outcome = outcome;
    let output: AsyncIterable<Value>;
    try {
      output = start({ named: known, positional }, takesObject ? undefined : each([object]));
    } finally {
      session.outcome = around;
    }
    yield* output;
  }
}

async function workedOut([parameter, block]: readonly [Parameter, Value], object: Value): Promise<Value> {
  try {
    return collected(await (block as ScriptBlock).evaluate(object, 'throws')) ?? null;
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    throw new CmdletError(`The input to the script block for parameter '${parameter.name}' failed. ${error.message}`, {
      id: 'ScriptBlockArgumentInvocationFailed',
      category: 'InvalidArgument',
      target: printed(object),
      targetType: shortTypeName(object),
      type: 'System.Management.Automation.ParameterBindingException',
    });
  }
}
