/** Where-Object: the objects for which a condition holds, `where Name -like 'x*'` or `where { … }`. */
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { COMPARISONS, type Comparison, comparisonHolds, isTrue } from '../../pipeline/compare.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { INTEGER_TYPES, INTEGERS, integerTypeOf, isFigure } from '../../pipeline/number.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PropertyExpression } from '../../pipeline/property-expression.ts';
import { WRONG_REGEX } from '../../pipeline/safe-regex.ts';
import { printed, type Value } from '../../pipeline/value.ts';
import { netText } from '../../print/format-string.ts';
import { blockIn, INPUT_OBJECT, pipedObjects } from './object-input.ts';

/** The operators, as PowerShell writes them as parameters, and what each means. */
const MEANING: Readonly<Record<Comparison, readonly [spelled: string, means: string]>> = {
  eq: ['EQ', 'The property equals the value.'],
  ne: ['NE', 'The property differs from the value.'],
  gt: ['GT', 'The property is greater; sizes, spans and limits compare as quantities.'],
  ge: ['GE', 'The property is greater or equal.'],
  lt: ['LT', 'The property is less.'],
  le: ['LE', 'The property is less or equal.'],
  like: ['Like', 'The property matches the wildcard.'],
  notlike: ['NotLike', 'The property does not match the wildcard.'],
  match: ['Match', 'The property matches the regular expression.'],
  notmatch: ['NotMatch', 'The property does not match the regular expression.'],
  contains: ['Contains', 'The list holds the value.'],
  notcontains: ['NotContains', 'The list does not hold the value.'],
  in: ['In', 'The property is one of the values.'],
  notin: ['NotIn', 'The property is none of the values.'],
};

const OPERATORS: readonly Parameter[] = COMPARISONS.flatMap((op): Parameter[] => {
  const [name, help] = MEANING[op];
  return [
    { name, aliases: [`I${name}`], type: 'switch', help },
    { name: `C${name}`, type: 'switch', help: `${help.slice(0, -1)}; upper and lower case differ.` },
  ];
});

const PARAMETERS = [
  {
    name: 'Property',
    type: 'value',
    position: 0,
    completes: 'property',
    placeholder: 'NAME',
    help: 'The property to look at; alone, it must be true. Or a condition in braces: { $_.Name -like "x*" }.',
  },
  { name: 'Value', type: 'value', position: 1, placeholder: 'VALUE', help: 'What it is compared with.' },
  {
    name: 'FilterScript',
    type: 'scriptblock',
    placeholder: '{…}',
    help: 'The condition, with $_ for the object.',
  },
  ...OPERATORS,
  { name: 'Is', type: 'switch', help: 'The property is of this type.' },
  { name: 'IsNot', type: 'switch', help: 'The property is not of this type.' },
  { name: 'Not', type: 'switch', help: 'The property is not true, or not there.' },
  INPUT_OBJECT,
] as const satisfies readonly Parameter[];

type OwnCall = Call<(typeof PARAMETERS)[number]>;

export const whereObject = defineCmdlet({
  name: 'Where-Object',
  aliases: ['where', '?'],
  group: 'objects',
  summary: 'Keep the piped objects for which a condition holds',
  input: 'needed',
  parameters: PARAMETERS,
  examples: [
    {
      command: 'rc get | rc where MaxInboundConnectionPerSource -lt 50',
      language: 'Get-ReceiveConnector | where MaxInboundConnectionPerSource -lt 50',
      does: 'Finds the connectors with a low limit.',
    },
    {
      command: 'rc get | rc where MaxMessageSize -gt 30MB',
      language: 'Get-ReceiveConnector | where MaxMessageSize -gt 30MB',
      does: 'Compares sizes as sizes.',
    },
    {
      command: "rc get | rc where Bindings -like '*:2525'",
      language: "Get-ReceiveConnector | where Bindings -like '*:2525'",
      does: 'Looks at every element of a list.',
    },
    {
      command: 'rc get | rc where \'{ $_.Enabled -and $_.PermissionGroups -like "*Anonymous*" }\'',
      language: "Get-ReceiveConnector | where { $_.Enabled -and $_.PermissionGroups -like '*Anonymous*' }",
      does: 'Takes a condition of several parts.',
    },
  ],
  async *run(call) {
    const holds = await condition(call);
    for await (const object of pipedObjects(call)) {
      let verdict: boolean;
      try {
        const holding = holds(object);
        verdict = holding instanceof Promise ? await holding : holding;
      } catch (error) {
        const told = call.spelling === 'parameters' ? ofOperator(call, object, error) : undefined;
        if (!told) throw error;
        call.context.error(told);
        continue;
      }
      if (verdict) yield object;
    }
  },
});

/** What an operator could not do with one object, in PowerShell's words; the others are looked at all the same. `undefined`: it is not that. */
function ofOperator(call: OwnCall, object: Value, error: unknown): CmdletError | undefined {
  const operator = OPERATORS.find(({ name }) => call.has(name));
  if (!operator || !(error instanceof CmdletError)) return undefined;
  const [op, caseSensitive] = operationOf(operator.name);
  const name = `${caseSensitive ? 'C' : 'I'}${op}`;
  const about = object === null ? {} : { target: netText(object), targetType: 'PSObject' };
  if (error.id === WRONG_REGEX)
    return new CmdletError(`The argument to operator '${name}' is not valid: ${error.message}.`, {
      id: 'BadOperatorArgument',
      category: 'InvalidArgument',
      type: 'System.Management.Automation.PSArgumentException',
      ...about,
    });
  // a pattern that takes too long, or that is not taken, is told once
  if (error.kind === 'usage' || error.ends) return undefined;
  return new CmdletError(`The '${name}' operator failed: ${error.message}.`, {
    id: 'OperatorFailed',
    type: 'System.Management.Automation.PSInvalidOperationException',
    ...about,
  });
}

const ORDERS: ReadonlySet<Comparison> = new Set<Comparison>(['gt', 'ge', 'lt', 'le']);

type Condition = (object: Value) => boolean | Promise<boolean>;

async function condition(call: OwnCall): Promise<Condition> {
  const { arguments: args, context } = call;
  const first = args.FilterScript ?? args.Property;
  const operators = OPERATORS.filter((operator) => call.has(operator.name));
  const block = blockIn(first, context.host);
  if (block) {
    if (operators.length) throw usage(`Where-Object takes a condition in braces or an operator, not both.`);
    return async (object) => isTrue(resultOf(await block.call(object)));
  }
  if (first === undefined || first === null)
    throw usage(
      `Where-Object needs a condition: ${call.spelling === 'flags' ? "rc where MaxMessageSize -gt 30MB, or rc where '{ … }'" : 'where MaxMessageSize -gt 30MB, or where { … }'}.`,
    );
  if (operators.length > 1)
    throw usage(`Where-Object takes one operator, not ${operators.map((o) => `-${o.name}`).join(' and ')}.`);
  const property = new PropertyExpression(printed(first));
  const read = (object: Value): Value => (property.first(object) as Value | undefined) ?? null;
  if (args.Not) return (object) => !isTrue(read(object));
  const type = args.Is ? true : args.IsNot ? false : undefined;
  if (type !== undefined) {
    const wanted = printed(args.Value ?? null).replace(/^\[|\]$/g, '');
    return (object) => isOfType(read(object), wanted) === type;
  }
  const [operator] = operators;
  if (!operator) {
    if (args.Value !== undefined)
      throw usage(`Where-Object needs an operator before ${printed(args.Value)}: -eq, -like, -gt …`);
    return (object) => isTrue(read(object));
  }
  if (args.Value === undefined) throw noValue(call, operator);
  const [op, caseSensitive] = operationOf(operator.name);
  const right = rightSide(call, op);
  // nothing is less than a number that is an argument, also than a negative one (an expression has it the other way round)
  if (ORDERS.has(op) && typeof right === 'number' && right < 0)
    return (object) => {
      const left = read(object);
      return left === null ? op[0] === 'l' : comparisonHolds(op, left, right, caseSensitive);
    };
  return (object) => comparisonHolds(op, read(object), right, caseSensitive);
}

function noValue({ spelling }: OwnCall, operator: Parameter): CmdletError {
  if (spelling === 'flags') return usage(`Where-Object -${operator.name} needs a value.`);
  return new CmdletError(
    'The specified operator requires both the -Property and -Value parameters. Provide values for both parameters, and then try the command again.',
    {
      kind: 'usage',
      id: 'ValueNotSpecifiedForWhereObject',
      type: 'System.Management.Automation.PSArgumentException',
    },
  );
}

function resultOf(values: readonly Value[]): Value {
  return values.length === 1 ? values[0]! : values;
}

function operationOf(name: string): readonly [Comparison, boolean] {
  const lower = name.toLowerCase() as Comparison;
  // "contains" begins with a c of its own.
  if (COMPARISONS.includes(lower)) return [lower, false];
  return [lower.slice(1) as Comparison, true];
}

/** The right side. On a command line it is text: `$true`, `$null`, and `a,b` where a list is needed. */
function rightSide(call: OwnCall, op: Comparison): Value {
  const value = call.arguments.Value!;
  if (call.spelling !== 'flags' || typeof value !== 'string') return value;
  if (/^\$null$/i.test(value)) return null;
  if (/^\$(true|false)$/i.test(value)) return /true/i.test(value);
  if (op === 'in' || op === 'notin') return value.split(',').map((part) => part.trim());
  return value;
}

function isOfType(value: Value, type: string): boolean {
  const names: Readonly<Record<string, (v: Value) => boolean>> = {
    string: (v) => typeof v === 'string',
    double: (v) => isFigure(v) && !integerTypeOf(v),
    bool: (v) => typeof v === 'boolean',
    boolean: (v) => typeof v === 'boolean',
    array: (v) => Array.isArray(v),
    datetime: (v) => v instanceof Date,
    timespan: (v) => v?.constructor?.name === 'TimeSpan',
  };
  const lower = type.toLowerCase().replace(/^system\./, '');
  const whole = INTEGER_TYPES.find((one) => one === lower || INTEGERS[one].name.toLowerCase() === lower);
  const test = whole ? (v: Value) => isFigure(v) && integerTypeOf(v) === whole : names[lower];
  if (!test)
    throw new CmdletError(`Cannot convert the "${type}" value of type "System.String" to type "System.Type".`, {
      id: 'InvalidCastFromStringToType',
      category: 'InvalidArgument',
      ends: true,
    });
  return test(value);
}
