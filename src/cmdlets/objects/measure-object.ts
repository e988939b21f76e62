/** Measure-Object: counts objects; sums, averages, extremes of their properties; lines, words and characters of texts. */

import { ByteSize, TimeSpan, UNLIMITED, Unlimited } from '../../domain/value.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { double, isFigure } from '../../pipeline/number.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { sortOrder } from '../../pipeline/sort-order.ts';
import { Hashtable, type PsObject, printed, type Value } from '../../pipeline/value.ts';
import { show } from '../../text/printable.ts';
import { CommandResult } from './command-result.ts';
import { expressionsOf, INPUT_OBJECT, pipedObjects, propertyParameter } from './object-input.ts';

const PARAMETERS = [
  propertyParameter('Properties to measure, wildcards included; without it the objects themselves.'),
  { name: 'Sum', type: 'switch', help: 'The sum.' },
  { name: 'Average', type: 'switch', help: 'The average.' },
  { name: 'Minimum', type: 'switch', help: 'The smallest value.' },
  { name: 'Maximum', type: 'switch', help: 'The greatest value.' },
  { name: 'StandardDeviation', type: 'switch', help: 'The standard deviation of a sample.' },
  { name: 'AllStats', type: 'switch', help: 'All of these.' },
  { name: 'Line', type: 'switch', help: 'Counts lines of texts.' },
  { name: 'Word', type: 'switch', help: 'Counts words of texts.' },
  { name: 'Character', type: 'switch', help: 'Counts characters of texts.' },
  { name: 'IgnoreWhiteSpace', type: 'switch', help: 'Does not count blanks as characters.' },
  INPUT_OBJECT,
] as const satisfies readonly Parameter[];

type OwnCall = Call<(typeof PARAMETERS)[number]>;

/** What needs numbers. */
const NUMERIC = ['Sum', 'Average', 'StandardDeviation', 'AllStats'] as const;

export const measureObject = defineCmdlet({
  name: 'Measure-Object',
  aliases: ['measure'],
  group: 'objects',
  summary: 'Count the piped objects and measure their properties',
  input: 'needed',
  parameters: PARAMETERS,
  examples: [
    { command: 'rc get | rc measure', language: 'Get-ReceiveConnector | measure', does: 'Counts the connectors.' },
    {
      command: 'rc get | rc measure MaxMessageSize --maximum --minimum',
      language: 'Get-ReceiveConnector | measure MaxMessageSize -Maximum -Minimum',
      does: 'Gives the largest and the smallest message size.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const properties = await expressionsOf(call, call.arguments.Property, ['expression']);
    const measured = new Map<string, Measured>();
    const entry = (name: string) => {
      const known = measured.get(name.toLowerCase());
      if (known) return known;
      const made = new Measured(name);
      measured.set(name.toLowerCase(), made);
      return made;
    };
    if (!properties.length) entry('');
    for (const property of properties) if (!property.isWildcard) entry(property.name);
    const numeric = NUMERIC.some((name) => args[name]);
    for await (const object of pipedObjects(call)) {
      if (object === null) continue;
      if (!properties.length) entry('').add(object, numeric, call);
      for (const property of properties) {
        for (const { name, value } of property.resolve(object)) {
          const read = await value();
          if (read !== undefined) entry(property.isWildcard ? name : property.name).add(read, numeric, call);
        }
      }
    }
    for (const one of measured.values()) {
      if (!one.count && one.name !== '' && (numeric || args.Maximum || args.Minimum)) {
        context.error(
          new CmdletError(`The property "${one.name}" cannot be found in the input for any objects.`, {
            id: 'GenericMeasurePropertyNotFound',
            category: 'InvalidArgument',
            target: one.name,
          }),
        );
      } else if (one.count || one.name === '') yield one.result(call);
    }
  },
});

/** What has no order among its like, by its .NET name. */
function collectionName(value: Value | undefined): string | undefined {
  if (Array.isArray(value)) return 'System.Object[]';
  return value instanceof Hashtable ? String(value) : undefined;
}

class Measured {
  count = 0;
  lines = 0;
  words = 0;
  characters = 0;
  #sum = 0;
  #variance = 0;
  #mean = 0;
  #numbers = 0;
  #least: Value | undefined;
  #greatest: Value | undefined;
  #unit: Value | undefined;
  constructor(readonly name: string) {}

  add(given: Value, numeric: boolean, call: OwnCall): void {
    const number = typeof given === 'boolean' || typeof given === 'string' ? numberOf(given) : undefined;
    const value = number ?? given; // what says a number is measured as one
    const { Maximum, Minimum } = call.arguments;
    const kind = collectionName(value);
    if (kind && kind === collectionName(this.#greatest) && (Maximum || Minimum))
      throw new CmdletError(`Cannot compare "${kind}" because it is not IComparable.`, {
        id: 'Argument',
        category: 'InvalidArgument',
        ends: true,
      });
    this.count++;
    if (value !== null) this.#notice(value, given, call);
    if (!numeric) return;
    const n = value === null ? 0 : numberOf(value);
    if (n === undefined) {
      call.context.error(
        new CmdletError(`Input object ${show(printed(given))} is not numeric.`, {
          id: 'NonNumericInputObject',
          category: 'InvalidType',
          target: printed(given),
        }),
      );
      return;
    }
    if (value !== null && (!this.#unit || this.#unit instanceof Unlimited)) this.#unit = value;
    this.#numbers++;
    this.#sum += n;
    // the variance goes on from one to the next, as MeasureObjectCommand has it
    const count = this.#numbers;
    const before = this.#mean;
    this.#mean = this.#sum / count;
    if (count > 1) this.#variance = (this.#variance * (count - 2)) / (count - 1) + (n - before) ** 2 / count;
  }

  /** What is measured of a value that is no number, too. */
  #notice(value: Value, given: Value, call: OwnCall): void {
    if (this.#least === undefined || sortOrder(value, this.#least) < 0) this.#least = value;
    if (this.#greatest === undefined || sortOrder(value, this.#greatest) > 0) this.#greatest = value;
    const text = printed(given);
    const blank = call.arguments.IgnoreWhiteSpace;
    this.characters += blank ? text.replace(/\s/g, '').length : text.length;
    this.words += text.match(/\S+/g)?.length ?? 0;
    this.lines += text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
  }

  result(call: OwnCall): PsObject {
    const { arguments: args } = call;
    const asked = (name: (typeof NUMERIC)[number] | 'Maximum' | 'Minimum') => args[name] || args.AllStats;
    const property = this.name === '' ? null : this.name;
    if (args.Line || args.Word || args.Character) {
      return new CommandResult('TextMeasureInfo', {
        Lines: args.Line ? this.lines : null,
        Words: args.Word ? this.words : null,
        Characters: args.Character ? this.characters : null,
        Property: property,
      });
    }
    const counted = this.#numbers;
    const deviation = this.#numbers > 1 ? Math.sqrt(this.#variance) : 0;
    return new CommandResult('GenericMeasureInfo', {
      Count: this.count,
      Average: asked('Average') && counted ? this.#quantity(this.#sum / counted) : null,
      Sum: asked('Sum') && counted ? this.#quantity(this.#sum) : null,
      Maximum: asked('Maximum') ? extreme(this.#greatest) : null,
      Minimum: asked('Minimum') ? extreme(this.#least) : null,
      StandardDeviation: asked('StandardDeviation') && counted ? this.#quantity(deviation) : null,
      Property: property,
    });
  }

  /** Sizes sum up to a size, spans to a span; with an Unlimited among them there is no limit. */
  #quantity(n: number): Value {
    if (!Number.isFinite(n)) return Number.isNaN(n) ? null : UNLIMITED;
    if (this.#unit instanceof ByteSize) return new ByteSize(Math.round(n));
    if (this.#unit instanceof TimeSpan) return new TimeSpan(Math.round(n));
    return double(n);
  }
}

/** A number comes out as a Double, as Measure-Object has it. */
function extreme(value: Value | undefined): Value {
  return isFigure(value) ? double(Number(value)) : (value ?? null);
}

function numberOf(value: Value): number | undefined {
  if (isFigure(value)) return Number(value);
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof ByteSize || value instanceof TimeSpan || value instanceof Unlimited) return Number(value);
  if (typeof value === 'string' && /^\s*[+-]?\d+(?:\.\d+)?\s*$/.test(value)) return Number(value);
  return undefined;
}
