/** Calls of functions, script blocks and scripts: a level of variables of their own, parameters bound, blocks run in order. */

import { CmdletError } from '../../pipeline/error.ts';
import { each } from '../../pipeline/peekable-stream.ts';
import { StopStatement } from '../../pipeline/run.ts';
import { Hashtable, PsObject, printed, type Value } from '../../pipeline/value.ts';
import type { Code } from '../compiler/code.ts';
import { Binding, type Given, ofFunction } from './bind-parameters.ts';
import { inputNotBound } from './binding-error.ts';
import type { Callee } from './callee.ts';
import { checkNames, observed } from './common-variables.ts';
import { collected, elements, toBool } from './convert.ts';
import { Leaving } from './failure.ts';
import { Frame } from './frame.ts';
import { Position } from './place.ts';
import type { Place, Result } from './runnable.ts';
import { ScriptCmdlet } from './script-cmdlet.ts';
import type { Session } from './session.ts';

/** Calls within calls; PowerShell ends with the same error where its stack does. */
const DEEPEST_CALL = 1000;

interface CallOptions {
  /** Without a level of its own: `. { … }`, `. ./file.ps1`. */
  readonly inThisScope?: boolean;
  readonly input?: AsyncIterable<Value>;
  /** As it was called: `& $block`. */
  readonly calledAs?: string;
  /** Where it was called. */
  readonly from?: Place;
}

/** Binds what is given and runs. @throws CmdletError when it cannot be bound */
export async function call(
  callee: Callee,
  given: readonly Given[],
  session: Session,
  { inThisScope = false, input, calledAs = callee.name, from }: CallOptions = {},
): Promise<AsyncGenerator<Value, undefined>> {
  session.budget.checkOverflows();
  const wait = session.budget.step();
  if (wait) await wait;
  const outer = session.frame;
  if (outer.depth + session.nested >= DEEPEST_CALL) {
    session.budget.overflowed();
    throw new CmdletError('The script failed due to call depth overflow.', { id: 'CallDepthOverflow' });
  }
  const frame = inThisScope ? outer : new Frame(outer, callee.kind === 'script');
  for (const [name, slot] of callee.closedOver ?? []) frame.variables.set(name, { ...slot });
  const binding = new Binding(callee, session);
  try {
    await binding.give(given);
    if (input === undefined || !binding.missing().every((one) => binding.mayBePiped(one))) await binding.ask();
    checkNames(commonNames(binding));
  } catch (error) {
    throw ofFunction(error, callee);
  }
  if (!inThisScope) frame.underscore = callee.kind === 'block' ? outer.underscore : null;
  if (!inThisScope) frame.called = { name: /^(?:function|filter)$/.test(callee.kind) ? callee.name : '', from };
  automatic(frame, binding, calledAs, input !== undefined);
  preferences(frame, binding);
  // what is piped in is made at the caller's level, whenever it is asked for
  const upstream = input && session.within(outer, pulled(input));
  return observed(commonNames(binding), session, upstream, (all) => {
    const running = run(callee, binding, frame, session, all);
    return session.within(frame, inThisScope ? nested(running, session) : running);
  });
}

/** What a block gives for these arguments, as one value. */
export async function invoked(callee: Callee, values: readonly Value[], session: Session): Promise<Result> {
  const given = values.map((value) => ({ kind: 'positional' as const, value }));
  const output: Value[] = [];
  for await (const value of await call(callee, given, session)) output.push(value);
  return collected(output);
}

function commonNames({ common }: Binding): Record<string, string> {
  return Object.fromEntries([...common].flatMap(([name, value]) => (value === null ? [] : [[name, printed(value)]])));
}

/** What runs in a scope that is there already has no level of its own, and is as deep all the same. */
async function* nested<R>(running: AsyncGenerator<Value, R>, session: Session): AsyncGenerator<Value, R> {
  session.nested++;
  try {
    return yield* running;
  } finally {
    session.nested--;
  }
}

async function* pulled(input: AsyncIterable<Value>): AsyncGenerator<Value, undefined> {
  yield* input;
  return undefined;
}

/** $args, $PSBoundParameters, $MyInvocation, $PSCmdlet. */
export function automatic(frame: Frame<Session>, binding: Binding, calledAs: string, hasInput: boolean): void {
  const { callee, session } = binding;
  const put = (name: string, value: Value) => frame.variables.set(name.toLowerCase(), { name, value });
  put('args', binding.rest);
  put('PSBoundParameters', binding.table);
  const command = {
    Name: callee.kind === 'script' ? fileName(callee.file ?? callee.name) : callee.name,
    CommandType: COMMAND_TYPES[callee.kind],
    Definition: callee.kind === 'script' ? (callee.file ?? '') : callee.body.text,
    Path: callee.file ?? null,
    Parameters: parameterTable(callee),
  };
  const calledAt = frame.called?.from && new Position(frame.called.from);
  const invocation = new PsObject('InvocationInfo', {
    MyCommand: new PsObject('FunctionInfo', command),
    InvocationName: calledAs,
    BoundParameters: binding.table,
    UnboundArguments: binding.rest,
    ExpectingInput: hasInput,
    ScriptName: printed(session.get('pscommandpath')),
    PSCommandPath: printed(session.get('pscommandpath')),
    PSScriptRoot: printed(session.get('psscriptroot')),
    get ScriptLineNumber() {
      return calledAt?.line ?? 0;
    },
    get Line() {
      return calledAt?.whole ?? '';
    },
  });
  put('MyInvocation', invocation);
  if (callee.file !== undefined) {
    put('PSCommandPath', callee.file);
    put('PSScriptRoot', callee.file.replace(/[/\\][^/\\]*$/, '') || '/');
  }
  if (callee.body.advanced) put('PSCmdlet', new ScriptCmdlet(binding, invocation));
}

const COMMAND_TYPES = { script: 'ExternalScript', filter: 'Filter', function: 'Function', block: 'Script' } as const;

function fileName(path: string): string {
  return path.replace(/^.*[/\\]/, '');
}

function parameterTable({ body }: Callee): Value {
  const table = new Hashtable();
  for (const { name } of body.parameters ?? []) table.set(name, name);
  return table;
}

/** -Verbose, -ErrorAction and the like hold for everything that is called from here. */
export function preferences(frame: Frame<Session>, { common }: Binding): void {
  const put = (name: string, value: Value) => frame.variables.set(name.toLowerCase(), { name, value });
  for (const [name, value] of common) {
    if (name === 'Verbose') put('VerbosePreference', toBool(value) ? 'Continue' : 'SilentlyContinue');
    else if (name === 'Debug') put('DebugPreference', toBool(value) ? 'Continue' : 'SilentlyContinue');
    else if (name === 'ErrorAction') put('ErrorActionPreference', actionOf(value));
    else if (name === 'WarningAction') put('WarningPreference', actionOf(value));
    else if (name === 'InformationAction') put('InformationPreference', actionOf(value));
    else if (name === 'WhatIf') put('WhatIfPreference', toBool(value));
    else if (name === 'Confirm') put('ConfirmPreference', toBool(value) ? 'Low' : 'None');
  }
}

function actionOf(value: Value): Value {
  return typeof value === 'number'
    ? (['SilentlyContinue', 'Stop', 'Continue', 'Inquire', 'Ignore'][value] ?? value)
    : value;
}

async function* run(
  callee: Callee,
  binding: Binding,
  frame: Frame<Session>,
  session: Session,
  input: AsyncIterable<Value> | undefined,
): AsyncGenerator<Value, undefined> {
  const { body } = callee;
  yield* blocks();
  return undefined;

  async function* blocks(): AsyncGenerator<Value, undefined> {
    await settled(binding, frame);
    if (body.begin) yield* block(body.begin);
    if (body.process) yield* processed(body.process);
    else if (input) yield* waitingFor(input);
    if (body.end) yield* block(body.end);
    return undefined;
  }

  /** `process { … }`, once for each object, or once when nothing is piped in. */
  async function* processed(code: Code): AsyncGenerator<Value> {
    if (!input) {
      yield* block(code);
      return;
    }
    for await (const object of input) {
      if (!(await taken(object))) continue;
      frame.underscore = object;
      const list = [object];
      frame.input = () => each(list);
      yield* block(code);
    }
    frame.underscore = null;
  }

  /** Without a `process` block everything that is piped in comes first: it is $input, and the last object binds. */
  async function* waitingFor(all: AsyncIterable<Value>): AsyncGenerator<Value> {
    const values: Value[] = [];
    for await (const object of all) {
      values.push(object);
      if (body.advanced || binding.takesPipeline) await taken(object);
    }
    frame.input = () => each(values);
  }

  async function taken(object: Value): Promise<boolean> {
    if (!binding.takesPipeline && !body.advanced) return true;
    try {
      if (!(await binding.pipe(object))) return notBound(object);
      const missing = binding.missing();
      if (missing.length) await binding.ask();
      binding.replace(frame);
      return true;
    } catch (error) {
      if (!(error instanceof CmdletError)) throw error;
      // what cannot be converted is for no parameter; what an attribute refuses is said
      if (error.id === 'ParameterArgumentTransformationError') return notBound(object);
      session.report(error, callee.name);
      return false;
    }
  }

  function notBound(object: Value): false {
    session.report(inputNotBound(object), callee.name);
    return false;
  }

  async function* block(code: Code): AsyncGenerator<Value> {
    try {
      const leave = yield* code.values(session);
      if (leave && leave.how !== 'return') throw new Leaving(leave);
    } catch (error) {
      if (!(error instanceof Leaving) || error.leave.how !== 'return') throw error;
    }
  }
}

async function settled(binding: Binding, frame: Frame<Session>): Promise<void> {
  try {
    await binding.settle(frame);
  } catch (error) {
    // a parameter that is named as what nobody may set is an error of the assignment
    if (error instanceof StopStatement || (error instanceof CmdletError && error.id === 'VariableNotWritable'))
      throw error;
    throw ofFunction(error, binding.callee);
  }
}

/** The values that stand behind a splatted variable: `@parameters`. */
export function splatted(value: Value): Given[] {
  if (value instanceof Hashtable)
    return [...value.entries].map(([name, one]) => ({ kind: 'named' as const, name, value: one }));
  return elements(value ?? []).map((one) => ({ kind: 'positional' as const, value: one }));
}
