/**
 * The variables that common parameters name (about_CommonParameters), in the scope of whoever calls: -OutVariable,
 * -ErrorVariable, -WarningVariable and -InformationVariable collect what comes of the command and of what it calls, also what is hidden or caught;
 * -PipelineVariable is the object that is on its way down the pipeline, until the pipeline has ended.
 */
import type { Value } from '../../pipeline/value.ts';
import { bindingError } from './binding-error.ts';
import { elements } from './convert.ts';
import type { Frame } from './frame.ts';
import { growingList } from './growing-list.ts';
import { Sink, within } from './redirect.ts';
import type { Session } from './session.ts';

/** As they were written: `x`, `script:x`, those that collect also `$x`, and `+x`, which keeps what is in it. */
interface CommonVariables {
  readonly OutVariable?: string | undefined;
  readonly ErrorVariable?: string | undefined;
  readonly WarningVariable?: string | undefined;
  readonly InformationVariable?: string | undefined;
  readonly PipelineVariable?: string | undefined;
}

const NAMES = ['OutVariable', 'ErrorVariable', 'WarningVariable', 'InformationVariable', 'PipelineVariable'] as const;

/** @throws CmdletError when one of them is the name of no variable */
export function checkNames(names: CommonVariables): void {
  for (const parameter of NAMES) {
    const written = names[parameter];
    if (written === undefined) continue;
    const name = parameter === 'PipelineVariable' ? written : written.replace(/^\+/, '');
    const drive = /^(\w+):/.exec(name)?.[1];
    const problem =
      name === ''
        ? 'Cannot process argument because the value of argument "path" is not valid. Change the value of the "path" argument and run the operation again.'
        : drive !== undefined && !/^(?:global|script|local|private|variable)$/i.test(drive)
          ? `Cannot validate argument '${name}' because it is not a valid variable name.`
          : undefined;
    if (problem)
      throw bindingError(
        'ParameterArgumentValidationError',
        `Cannot validate argument on parameter '${parameter}'. ${problem}`,
        'InvalidData',
      );
  }
}

/**
 * The output of a command, its variables filled on the way.
 * @param start makes the output of what is piped in
 */
export function observed(
  { OutVariable, ErrorVariable, WarningVariable, InformationVariable, PipelineVariable }: CommonVariables,
  session: Session,
  input: AsyncIterable<Value> | undefined,
  start: (input: AsyncIterable<Value> | undefined) => AsyncGenerator<Value, undefined>,
): AsyncGenerator<Value, undefined> {
  const collecting = [OutVariable, ErrorVariable, WarningVariable, InformationVariable];
  if (!collecting.some(Boolean) && !PipelineVariable) return start(input);
  const [out, errors, warnings, information] = collecting.map((name) => collector(name, session));
  const object = PipelineVariable ? variableNamed(PipelineVariable, session) : undefined;
  if (object) session.set(object.name, null, object.level);
  // a command that waits for the end of its input sees the last one
  if (object) session.outcome.atEnd.push(() => session.remove(object.name.toLowerCase(), object.level));
  const around = session.sink;
  // what comes before it in the pipeline is not of this command
  const output = start(input && within(session, around, input));
  const heard = new Map(
    (
      [
        [2, errors],
        [3, warnings],
        [6, information],
      ] as const
    ).filter(([, list]) => list !== undefined),
  );
  const sink = new Sink(new Map(), around, (stream, record) => {
    const list = heard.get(stream as 2 | 3 | 6);
    if (list && list.at(-1) !== record) list.push(record);
  });
  return passing(within(session, sink, output), session, out, object);
}

async function* passing(
  values: AsyncIterable<Value>,
  session: Session,
  collected: Value[] | undefined,
  object: Variable | undefined,
): AsyncGenerator<Value, undefined> {
  for await (const value of values) {
    collected?.push(value);
    if (object) session.set(object.name, value, object.level);
    yield value;
  }
  return undefined;
}

/** The list that a variable is from now on. */
function collector(written: string | undefined, session: Session): Value[] | undefined {
  if (!written) return undefined;
  const { name, level } = variableNamed(written.replace(/^\+?\$?/, ''), session);
  const before = written.startsWith('+') ? (session.get(name.toLowerCase()) ?? []) : [];
  const list = growingList('arraylist', elements(before), undefined);
  session.set(name, list, level);
  return list;
}

interface Variable {
  readonly name: string;
  readonly level: Frame<Session>;
}

/** `script:x` */
function variableNamed(written: string, { frame }: Session): Variable {
  const [, scope = '', name = written] = /^(?:(global|script|local|private):)?(.+)$/i.exec(written) ?? [];
  const level = /^global$/i.test(scope) ? frame.global : /^script$/i.test(scope) ? frame.script : frame;
  return { name, level };
}
