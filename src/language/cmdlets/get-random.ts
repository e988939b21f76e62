/** Get-Random: a number by chance, or some of a list. Rules: PowerShell's GetRandomCommandBase.cs. */
import { expectInRange } from '../../pipeline/argument-range.ts';
import { ambiguousSet } from '../../pipeline/binder.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { double, type Figure, integer, integerTypeOf, MOST_INT } from '../../pipeline/number.ts';
import { printed, type Value } from '../../pipeline/value.ts';
import { seeded } from '../../text/seeded.ts';
import { inputNotBound } from '../runtime/binding-error.ts';
import { numeric } from '../runtime/convert.ts';

/** From 0 up to 1, 53 bits that nobody can guess: passwords are made with it. */
function unguessable(): number {
  return Number(crypto.getRandomValues(new BigUint64Array(1))[0]! >> 11n) / 2 ** 53;
}

export const getRandom = defineCmdlet({
  name: 'Get-Random',
  group: 'language',
  summary: 'Give a number by chance, or some of a list',
  description:
    'With whole bounds a whole number from the least up to, but not, the most. Nobody can guess it, unless -SetSeed was given: then it is the same in each run.',
  parameters: [
    {
      name: 'Maximum',
      type: 'value',
      position: 0,
      placeholder: 'NUMBER',
      help: 'Up to here, this one left out; of a list, one of it.',
    },
    { name: 'Minimum', type: 'value', placeholder: 'NUMBER', help: 'From here on; 0 when it is not said.' },
    { name: 'InputObject', type: 'value', pipeline: true, help: 'The list, when it is not piped in.' },
    { name: 'Count', type: 'int', help: 'So many of them; 1 when it is not said.' },
    { name: 'Shuffle', type: 'switch', help: 'The whole list, in an order by chance.' },
    { name: 'SetSeed', type: 'int', placeholder: 'N', help: 'The same numbers for the same N, in this call.' },
  ],
  examples: [
    {
      command: "rc -c 'Get-Random -Minimum 1 -Maximum 7'",
      language: 'Get-Random -Minimum 1 -Maximum 7',
      does: 'Throws a die.',
    },
    {
      command: "rc -c '-join (1..20 | foreach { [char](Get-Random -Minimum 33 -Maximum 127) })'",
      language: '-join (1..20 | foreach { [char](Get-Random -Minimum 33 -Maximum 127) })',
      does: 'Makes a password.',
    },
  ],
  async *run({ arguments: args, input, context }) {
    const { Maximum, Minimum, InputObject, Count: count, Shuffle: shuffle, SetSeed: seed } = args;
    expectInRange('Count', count, 1);
    const isListGiven = Array.isArray(Maximum) && Minimum === undefined;
    const given = isListGiven ? Maximum : InputObject;
    const isBounded = Minimum !== undefined || (Maximum !== undefined && !isListGiven);
    if ((isBounded && (given !== undefined || shuffle)) || (shuffle && count !== undefined)) throw ambiguousSet();
    if (isBounded && input) for await (const object of input) context.error(inputNotBound(object));
    if (Array.isArray(given) && !given.length)
      throw refused(
        'ParameterArgumentValidationErrorEmptyArrayNotAllowed',
        "Cannot bind argument to parameter 'InputObject' because it is an empty array.",
      );
    const next = seed === undefined ? unguessable : seeded(seed);
    const list = given === undefined ? input : [given].flat();
    if (list === undefined || isBounded) {
      const draw = drawing(Minimum, Maximum, next);
      for (let k = 0; k < (count ?? 1); k++) yield draw();
      return;
    }
    const items: Value[] = [];
    for await (const item of list) items.push(item);
    yield* chosen(items, shuffle ? items.length : (count ?? 1), next);
  },
});

const refused = (id: string, message: string) =>
  new CmdletError(message, {
    kind: 'usage',
    id,
    category: id === 'AmbiguousParameterSet' ? 'InvalidArgument' : 'InvalidData',
  });

/** Draws from `least` up to, but not, `most`; whole where both are. @throws CmdletError */
function drawing(least: Value | undefined, most: Value | undefined, next: () => number): () => Figure {
  const from = bound(least ?? 0);
  const to = bound(most ?? MOST_INT);
  if (!(Number(from) < Number(to)))
    throw new CmdletError(
      `The Minimum value (${printed(from)}) cannot be greater than or equal to the Maximum value (${printed(to)}).`,
      { id: 'MinGreaterThanOrEqualMax', category: 'InvalidArgument', type: 'System.ArgumentException' },
    );
  const [low, high] = [Number(from), Number(to)];
  const types = [from, to].map(integerTypeOf);
  // Int32 and Int64 give their own; any other type is drawn as a Double
  const isWhole = types.every((type) => type === 'int' || type === 'long');
  const type = types.includes('long') ? 'long' : 'int';
  // of a width too large for a number, too
  return () => {
    const part = next();
    return isWhole ? integer(low + Math.floor(part * (high - low)), type) : double(low * (1 - part) + high * part);
  };
}

/** So many of the items, each at most once, in an order by chance (Fisher and Yates). */
function* chosen(items: Value[], count: number, next: () => number): Generator<Value> {
  for (let k = 0; k < Math.min(count, items.length); k++) {
    const other = k + Math.floor(next() * (items.length - k));
    [items[k], items[other]] = [items[other]!, items[k]!];
    yield items[k]!;
  }
}

/** A text without a point is a whole number. @throws CmdletError */
function bound(value: Value): Figure {
  const type = typeof value === 'string' && !value.includes('.') ? 'System.Int32' : 'System.Double';
  try {
    return value === '' ? 0 : numeric(value, type);
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    const { message, id, category } = error;
    throw new CmdletError(message, { id, category, type: 'System.Management.Automation.PSInvalidCastException' });
  }
}
