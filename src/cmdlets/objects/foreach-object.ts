/** ForEach-Object: runs a block for each object, or gives one of its properties. */

import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PropertyExpression } from '../../pipeline/property-expression.ts';
import { elementsOf, isScriptBlock, printed, type ScriptBlock, type Value } from '../../pipeline/value.ts';
import { netText } from '../../print/format-string.ts';
import { blockIn, INPUT_OBJECT, pipedObjects } from './object-input.ts';

const PARAMETERS = [
  {
    name: 'Process',
    type: 'value',
    position: 0,
    rest: true,
    completes: 'property',
    placeholder: '{…} or NAME',
    help: 'What is run for each object, with $_ for it; or the name of a property, whose value is given.',
  },
  { name: 'Begin', type: 'scriptblock', placeholder: '{…}', help: 'Run once before the first object.' },
  { name: 'End', type: 'scriptblock', placeholder: '{…}', help: 'Run once after the last object.' },
  { name: 'MemberName', type: 'string', completes: 'property', help: 'The property to give, or the method to call.' },
  {
    name: 'ArgumentList',
    aliases: ['Args'],
    type: 'value',
    placeholder: 'VALUE',
    help: 'What the method is called with.',
  },
  INPUT_OBJECT,
] as const satisfies readonly Parameter[];

type OwnCall = Call<(typeof PARAMETERS)[number]>;

export const forEachObject = defineCmdlet({
  name: 'ForEach-Object',
  aliases: ['foreach', '%'],
  group: 'objects',
  summary: 'Run a block for each piped object, or give one of its properties',
  input: 'needed',
  parameters: PARAMETERS,
  examples: [
    { command: 'rc get | rc foreach Name', language: 'Get-ReceiveConnector | foreach Name', does: 'Gives the names.' },
    {
      language: 'Get-ReceiveConnector | % { "$($_.Name): $($_.MaxMessageSize)" }',
      command: 'rc get | rc foreach \'{ "$($_.Name): $($_.MaxMessageSize)" }\'',
      does: 'Writes a line for each connector.',
    },
  ],
  async *run(call) {
    const { begin, process, end } = steps(call);
    for (const block of begin) yield* block.stream(null);
    // in the language it runs once when nothing is piped in
    const alone = !call.input && !call.has('InputObject') && call.spelling === 'parameters';
    if (alone) for (const step of process) yield* await step(null);
    else
      for await (const object of pipedObjects(call)) {
        for (const step of process) yield* await step(object);
      }
    for (const block of end) yield* block.stream(null);
  },
});

type Step = (object: Value) => AsyncIterable<Value> | Promise<readonly Value[]>;

/** As PowerShell: of several blocks without names the first is -Begin and, from three on, the last is -End. */
function steps(call: OwnCall): { begin: ScriptBlock[]; process: Step[]; end: ScriptBlock[] } {
  const { arguments: args } = call;
  const member = args.MemberName;
  const given = elementsOf(args.Process).map((value, k) =>
    k === 0 || isScriptBlock(value) ? blockOf(value, call) : printed(value),
  );
  const begin = blocks(elementsOf(args.Begin), call);
  const end = blocks(elementsOf(args.End), call);
  if (member !== undefined) return { begin, process: [memberStep(member, elementsOf(args.ArgumentList), call)], end };
  if (!given.length && !begin.length && !end.length)
    throw usage(
      `ForEach-Object needs a block or the name of a property: ${call.spelling === 'flags' ? 'rc get | rc foreach Name' : 'foreach Name'}.`,
    );
  const [first] = given;
  if (typeof first === 'string') {
    const rest = [...elementsOf(args.Process).slice(1), ...elementsOf(args.ArgumentList)];
    return { begin, process: [memberStep(first, rest, call)], end };
  }
  const unnamed = given.map((value) => {
    if (typeof value === 'string')
      throw usage(`ForEach-Object takes one name of a property, or blocks; "${value}" is one too many.`);
    return value;
  });
  if (unnamed.length > 1 && !begin.length) begin.push(unnamed.shift()!);
  if (unnamed.length > 1 && !end.length) end.push(unnamed.pop()!);
  return { begin, process: unnamed.map((block) => (object) => block.stream(object)), end };
}

function blockOf(value: Value, call: Call): ScriptBlock | string {
  return blockIn(value, call.context.host) ?? printed(value);
}

function blocks(values: readonly Value[], call: Call): ScriptBlock[] {
  return values.map((value) => {
    const block = blockOf(value, call);
    if (typeof block === 'string') throw usage(`ForEach-Object: "${block}" is no block; write it in braces { }.`);
    return block;
  });
}

/** `% Name`, `% Trim`, `% Replace 'a' 'b'`: a property; what is none is a method, which the language calls. */
function memberStep(name: string, args: readonly Value[], call: OwnCall): Step {
  const expression = new PropertyExpression(name);
  const { callMethod } = call.context.host;
  return async (object) => {
    if (!args.length) {
      const value = await expression.first(object);
      if (value !== undefined) return elementsOf(value);
      if (!callMethod) return [];
    }
    try {
      return elementsOf(callMethod?.(object, name, args));
    } catch (error) {
      if (!(error instanceof CmdletError)) throw error;
      if (error.id !== 'MethodNotFound') call.context.error(error);
      else if (!args.length) return [null];
      else
        call.context.error(
          new CmdletError(`Input name "${name}" cannot be resolved to a method.`, {
            id: 'MethodNotFound',
            category: 'InvalidArgument',
            type: 'System.Management.Automation.PSArgumentException',
            target: netText(object),
            targetType: 'PSObject',
          }),
        );
      return [];
    }
  };
}
