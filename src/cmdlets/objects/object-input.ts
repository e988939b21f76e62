/** What the object cmdlets share: their input, and how -Property is read. */
import type { Call, Parameter } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Stream } from '../../pipeline/peekable-stream.ts';
import { type PropertyExpression, type PropertyKey, readProperties } from '../../pipeline/property-expression.ts';
import type { Value } from '../../pipeline/value.ts';
import { Formatted } from '../../print/record.ts';

export const INPUT_OBJECT: Parameter = {
  name: 'InputObject',
  type: 'value',
  pipeline: true,
  help: 'The objects, when they are not piped in.',
};

export function propertyParameter(help: string, more: Partial<Parameter> = {}): Parameter {
  return {
    name: 'Property',
    type: 'properties',
    position: 0,
    rest: true,
    completes: 'property',
    placeholder: 'NAME[,NAME]',
    help,
    ...more,
  };
}

/**
 * The objects piped in or given as -InputObject. What a Format- cmdlet has laid out is text for the eye: only those that
 * write it take it (`laidOut`). @throws CmdletError (usage) when there are none of either, or they are laid out
 */
export function objectsOf(call: Call, laidOut: 'refused' | 'taken' = 'refused'): Stream<Value> {
  const { arguments: args, input } = call;
  const name = args.cmdlet.aliases?.[0] ?? args.cmdlet.name;
  const objects = args.has('InputObject') ? args.values('InputObject') : input;
  if (objects) return laidOut === 'taken' ? objects : notLaidOut(objects, args.cmdlet.name);
  throw usage(
    `${args.cmdlet.name} needs objects piped into it: ${args.spelling === 'flags' ? `rc get | rc ${name} …` : `Get-ReceiveConnector | ${name} …`}`,
  );
}

async function* notLaidOut(objects: Stream<Value>, name: string): AsyncGenerator<Value> {
  for await (const object of objects) {
    if (object instanceof Formatted)
      throw usage(`${name} got what a Format- cmdlet has laid out for the eye, not objects; put ft, fl or fw last.`);
    yield object;
  }
}

/** -Property (or another parameter of its kind) as expressions; none when it was not given. */
export function expressionsOf(
  call: Call,
  allowed?: readonly PropertyKey[],
  parameter = 'Property',
): Promise<PropertyExpression[]> {
  const { host } = call.context;
  return readProperties(call.arguments.values(parameter), (text) => host.compile(text), allowed);
}

/** Lists within a stream are taken apart, as a pipeline does. */
export async function* flattened(objects: Stream<Value>): AsyncGenerator<Value> {
  for await (const object of objects) {
    if (Array.isArray(object)) yield* object as readonly Value[];
    else yield object;
  }
}
