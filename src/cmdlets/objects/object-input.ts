/** What the object cmdlets share: their input, and how -Property is read. */
import type { Call } from '../../pipeline/cmdlet.ts';
import type { Context, Host } from '../../pipeline/context.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import type { Stream } from '../../pipeline/peekable-stream.ts';
import { type PropertyExpression, type PropertyKey, readProperties } from '../../pipeline/property-expression.ts';
import { elementsOf, isScriptBlock, printed, type ScriptBlock, type Value } from '../../pipeline/value.ts';
import { Formatted } from '../../print/record.ts';

export const INPUT_OBJECT = {
  name: 'InputObject',
  type: 'value',
  pipeline: true,
  help: 'The objects, when they are not piped in.',
} as const satisfies Parameter;

export function propertyParameter(help: string, { rest = true, placeholder = 'NAME[,NAME]' } = {}) {
  return {
    name: 'Property',
    type: 'properties',
    position: 0,
    rest,
    completes: 'property',
    placeholder,
    help,
  } as const satisfies Parameter;
}

/**
 * The objects piped in or given as -InputObject. What a Format- cmdlet has laid out is text for the eye: only those that
 * write it take it (`laidOut`). @throws CmdletError (usage) when there are none of either, or they are laid out
 */
export function objectsOf(call: Call<typeof INPUT_OBJECT>, laidOut: 'refused' | 'taken' = 'refused'): Stream<Value> {
  const { arguments: args, input } = call;
  const name = call.cmdlet.aliases?.[0] ?? call.cmdlet.name;
  // in the language a list is one object, unless it is piped
  const given = call.spelling === 'flags' ? elementsOf(args.InputObject) : [args.InputObject ?? null];
  const objects = args.InputObject === undefined ? input : given;
  if (objects) return laidOut === 'taken' ? objects : notLaidOut(objects, call.cmdlet.name);
  throw usage(
    `${call.cmdlet.name} needs objects piped into it: ${call.spelling === 'flags' ? `rc get | rc ${name} …` : `Get-ReceiveConnector | ${name} …`}`,
  );
}

async function* notLaidOut(objects: Stream<Value>, name: string): AsyncGenerator<Value> {
  for await (const object of objects) {
    if (object instanceof Formatted)
      throw usage(`${name} got what a Format- cmdlet has laid out for the eye, not objects; put ft, fl or fw last.`);
    yield object;
  }
}

/** -Property, or another parameter of its kind, as expressions; none when it was not given. */
export function expressionsOf(
  { context: { host } }: Call,
  given: Value | undefined,
  allowed?: readonly PropertyKey[],
): Promise<PropertyExpression[]> {
  return readProperties(elementsOf(given), (text) => host.compile(text), allowed);
}

/** The piped objects one by one. A list that a command line reads is taken apart; in the language the pipeline has done so, and a list within is one object. */
export function pipedObjects(call: Call<typeof INPUT_OBJECT>, laidOut: 'refused' | 'taken' = 'refused'): Stream<Value> {
  const objects = objectsOf(call, laidOut);
  return call.spelling === 'flags' ? flattened(objects) : objects;
}

/** The id of the error of a block with `begin` and `process`. */
const SEVERAL_CLAUSES = 'InvalidOperation';

/** The value of a key of an object. An expression that fails is told, and the key is nothing. */
export async function keyOf(
  expression: PropertyExpression,
  object: Value,
  context: Context,
): Promise<Value | undefined> {
  try {
    return await expression.first(object, 'throws');
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    const { message, type, id, category } = error;
    // a block that nothing can be worked out of
    if (id === SEVERAL_CLAUSES)
      throw new CmdletError(message, {
        id,
        category,
        type: 'System.Management.Automation.PSInvalidOperationException',
      });
    const target = printed(object);
    context.error(
      new CmdletError(message, {
        id: 'ExpressionEvaluation',
        category: 'InvalidResult',
        target,
        targetType: 'PSObject',
        type,
      }),
    );
    return null;
  }
}

/** The block that a value is, or that a text of a command line has in its braces. */
export function blockIn(value: Value | undefined, host: Pick<Host, 'compile'>): ScriptBlock | undefined {
  if (isScriptBlock(value)) return value;
  const inside = typeof value === 'string' ? /^\s*\{([\s\S]*)\}\s*$/.exec(value)?.[1] : undefined;
  return inside === undefined ? undefined : host.compile(inside);
}

/** Lists within a stream are taken apart, as a pipeline does. */
export async function* flattened(objects: Stream<Value>): AsyncGenerator<Value> {
  for await (const object of objects) {
    if (Array.isArray(object)) yield* object as readonly Value[];
    else yield object;
  }
}
