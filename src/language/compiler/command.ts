/** Commands: the cmdlet found and its parameters resolved when the text is compiled, values evaluated and bound when it runs. */

import { bindArguments, namable, resolveParameter, slotAt, slotsOf } from '../../pipeline/binder.ts';
import type { Cmdlet, Invocation, Spelling } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { isFigure } from '../../pipeline/number.ts';
import { mayHaveValue, type Parameter } from '../../pipeline/parameter.ts';
import { invoke } from '../../pipeline/run.ts';
import { Hashtable, printed, type Value } from '../../pipeline/value.ts';
import { nearest } from '../../text/suggest.ts';
import { sameText } from '../../text/wildcard.ts';
import type { Command, Element, Expression } from '../parser/ast.ts';
import { type Span, SyntaxProblem } from '../parser/syntax-error.ts';
import type { Given } from '../runtime/bind-parameters.ts';
import { CMDLET_ROUNDS } from '../runtime/budget.ts';
import { call, splatted } from '../runtime/call.ts';
import { commandMeant, notRecognized } from '../runtime/command-lookup.ts';
import { checkNames, observed } from '../runtime/common-variables.ts';
import { elements } from '../runtime/convert.ts';
import { fromCommand } from '../runtime/failure.ts';
import type { Place } from '../runtime/runnable.ts';
import type { Session } from '../runtime/session.ts';
import { insteadOfParameter } from '../unsupported-hints.ts';
import { type CmdletGiven, eachBound, isDelayed } from './delayed-binding.ts';
import { constant, type Plan } from './evaluation.ts';
import { calledHere } from './invoke-command.ts';
import type { Stage } from './stage.ts';
import type { Unit } from './unit.ts';

type Bound =
  | { readonly how: 'named'; readonly parameter: Parameter; readonly plan: Plan }
  | { readonly how: 'positional'; readonly plan: Plan }
  | { readonly how: 'splat'; readonly plan: Plan };

/** @throws SyntaxProblem when there is no such command or parameter, or a value is missing */
export function compileCommand(command: Command, unit: Unit, compile: (e: Expression) => Plan): Stage {
  const { name, called } = command;
  if (called) return calledStage(command, compile, unit);
  if (isScriptPath(name)) return dynamicStage(command, constant(name), compile, ['*'], unit);
  const aliased = unit.aliasOf(name.toLowerCase());
  if (aliased !== undefined) {
    const stage = dynamicStage(command, constant(name), compile, [name.toLowerCase(), aliased.toLowerCase()], unit);
    return { ...stage, changes: changesBy(aliased, unit) };
  }
  // an alias comes before a function, a function before a cmdlet (about_Command_Precedence)
  const cmdlet = unit.cmdletNamed(name);
  const isAlias = cmdlet?.aliases?.some((alias) => alias.toLowerCase() === name.toLowerCase()) === true;
  if (!isAlias && unit.isFunction(name.toLowerCase())) {
    const stage = dynamicStage(command, constant(name), compile, [name.toLowerCase()], unit);
    return { ...stage, changes: cmdlet?.changes !== undefined };
  }
  if (/^(?:invoke-command|icm)$/i.test(name)) return calledStage(calledHere(command, unit), compile, unit);
  return cmdletStage(command, unit, compile);
}

/** Does an alias end at a cmdlet that changes the store? */
function changesBy(aliased: string, unit: Unit): boolean {
  const seen = new Set<string>();
  let name = aliased;
  for (
    let next: string | undefined = name;
    next !== undefined && !seen.has(next);
    next = unit.aliasOf(name.toLowerCase())
  ) {
    seen.add(next);
    name = next;
  }
  return unit.cmdletNamed(name)?.changes !== undefined;
}

function isScriptPath(name: string): boolean {
  return /\.ps1$/i.test(name) && !/^[\w-]+-/.test(name.replace(/^.*[/\\]/, '')) ? true : /[/\\].*\.ps1$/i.test(name);
}

/** `& what …` and `. what …` */
function calledStage(command: Command, compile: (e: Expression) => Plan, unit: Unit): Stage {
  const { what, inThisScope } = command.called!;
  const calls = what.kind === 'literal' ? [String(what.value).toLowerCase()] : what.kind === 'block' ? [] : ['*'];
  return dynamicStage(command, compile(what), compile, calls, unit, inThisScope);
}

/** A command that is looked up when it runs: a function, a block, a script, or the cmdlet of that name. */
function dynamicStage(
  command: Command,
  what: Plan,
  compile: (e: Expression) => Plan,
  calls: readonly string[],
  unit: Unit,
  inThisScope = false,
): Stage {
  const place = { text: unit.text, file: unit.file, at: command.at, calledAs: command.name };
  const elements = command.elements.map((element) => givenBy(element, compile));
  const common = [...(command.called?.common ?? [])].map(([name, value]) => [name, compile(value)] as const);
  return {
    changes: false,
    calls,
    async start(session, input) {
      const callee = await commandMeant((await what.run(session)) ?? null, session);
      const given: Given[] = [];
      for (const one of elements) given.push(...(await one(session)));
      if (!('cmdlet' in callee)) {
        const run = (all: AsyncIterable<Value> | undefined) =>
          call(callee.callee, given, session, { inThisScope, input: all, calledAs: callee.as, from: place });
        if (!common.length) return run(input);
        const names: Record<string, string> = {};
        for (const [name, value] of common) names[name] = printed((await value.run(session)) ?? null);
        return observed(names, session, input, (all) => streamOf(() => run(all)));
      }
      return started(bindGiven(callee.cmdlet, given), session, input, place);
    },
  };
}

async function* streamOf<T>(make: () => Promise<AsyncGenerator<T, undefined>>): AsyncGenerator<T, undefined> {
  return yield* await make();
}

function givenBy(element: Element, compile: (e: Expression) => Plan): (session: Session) => Promise<readonly Given[]> {
  if (element.kind === 'splat') {
    const plan = compile(element.of);
    return async (session) => splatted((await plan.run(session)) ?? null);
  }
  const plan = element.value && compile(element.value);
  const text = element.value?.kind === 'literal' && isFigure(element.value.value) ? element.value.text : undefined;
  if (element.kind === 'argument')
    return async (session) => [{ kind: 'positional', value: (await plan!.run(session)) ?? null, text }];
  const { name } = element;
  return async (session) => [{ kind: 'named', name, value: plan && ((await plan.run(session)) ?? null), text }];
}

/** The arguments of a cmdlet that was found only when it was called. */
function bindGiven(cmdlet: Cmdlet, given: readonly Given[]): Invocation {
  try {
    const named: [Parameter, Value][] = [];
    const positional: Value[] = [];
    for (let i = 0; i < given.length; i++) {
      const one = given[i]!;
      const value = (other: Given) => (other.text !== undefined ? other.text : (other.value ?? null));
      if (one.kind === 'positional') {
        positional.push(one.value);
        continue;
      }
      const parameter = resolveParameter(cmdlet, one.name, 'parameters');
      if (one.value !== undefined) named.push([parameter, takesText(parameter) ? value(one) : one.value]);
      else if (parameter.type === 'switch' || (mayHaveValue(parameter) && given[i + 1]?.kind !== 'positional'))
        named.push([parameter, true]);
      else {
        const next = given[++i];
        if (next?.kind !== 'positional')
          throw new CmdletError(
            `Missing an argument for parameter '${parameter.name}' of ${cmdlet.name}. Specify a value and try again.`,
            { kind: 'usage', id: 'MissingArgument' },
          );
        named.push([parameter, takesText(parameter) ? value(next) : next.value]);
      }
    }
    return bindArguments(cmdlet, { named, positional }, 'parameters');
  } catch (error) {
    throw fromCommand(error, cmdlet.name);
  }
}

/** A cmdlet's output. */
function started(
  invocation: Invocation,
  session: Session,
  input: AsyncIterable<Value> | undefined,
  place: Place,
): AsyncIterable<Value> {
  session.budget.count(CMDLET_ROUNDS);
  try {
    checkNames(invocation.arguments);
  } catch (error) {
    throw fromCommand(error, invocation.cmdlet.name);
  }
  return observed(invocation.arguments, session, input, (all) => invoke(invocation, all, session.surroundings(place)));
}

function cmdletStage(command: Command, unit: Unit, compile: (e: Expression) => Plan): Stage {
  const { text } = unit;
  const cmdlet = cmdletOf(command, unit);
  if (cmdlet.name !== 'Get-Help' && command.elements.some((one) => one.kind === 'parameter' && one.name === '?'))
    return cmdletStage(helpOn(cmdlet, command), unit, compile);
  const isWord = [cmdlet.name, ...(cmdlet.aliases ?? [])].every((known) => !sameText(known, command.name));
  const bound = isWord
    ? boundElements(cmdlet, withFlags(command), text, compile, 'flags')
    : boundElements(cmdlet, cmdlet.takesAnything ? withoutBlocks(command) : command, text, compile);
  const place = { text, file: unit.file, at: command.at, calledAs: command.name };
  const given = async (session: Session): Promise<CmdletGiven> => {
    const named: [Parameter, Value][] = [];
    const positional: Value[] = [];
    for (const one of bound) {
      const value = one.plan.now ? one.plan.run(session) : await one.plan.run(session);
      if (one.how === 'named') named.push([one.parameter, value ?? null]);
      else if (one.how === 'positional') positional.push(value ?? null);
      else splat(cmdlet, value ?? null, named, positional);
    }
    return { named, positional };
  };
  return {
    changes: cmdlet.changes !== undefined,
    calls: cmdlet.name === 'Invoke-Expression' ? ['*'] : [],
    start: async (session, input) => {
      const values = await given(session);
      return input && values.named.some(isDelayed)
        ? eachBound(cmdlet, values, session, input, (bound, piped) =>
            started(bindNamed(cmdlet, bound), session, piped, place),
          )
        : started(bindNamed(cmdlet, values), session, input, place);
    },
  };
}

function bindNamed(cmdlet: Cmdlet, given: CmdletGiven): Invocation {
  try {
    // -OutVariable $null is as if it were not there
    const named = given.named.filter(([{ name }, value]) => value !== null || !/^[A-Z]\w+Variable$/.test(name));
    return bindArguments(cmdlet, { ...given, named }, 'parameters');
  } catch (error) {
    throw fromCommand(error, cmdlet.name);
  }
}

/** For what passes over whatever it is given: `Get-Queue -Filter {Status -eq 'Retry'}` is a filter of Exchange's and no commands. */
function withoutBlocks(command: Command): Command {
  const elements = command.elements.map((element): Element => {
    if (element.kind === 'splat' || element.value?.kind !== 'block') return element;
    return { ...element, value: { kind: 'literal', value: '', at: element.value.at } };
  });
  return { ...command, elements };
}

/** `Verb-Noun -?` is Get-Help Verb-Noun, whatever else stands there (about_CommonParameters). */
function helpOn(cmdlet: Cmdlet, { kind, nameAt, at }: Command): Command {
  const value: Expression = { kind: 'literal', value: cmdlet.name, at: nameAt };
  return { kind, name: 'Get-Help', nameAt, at, elements: [{ kind: 'argument', value, at: nameAt }] };
}

function cmdletOf({ name, nameAt }: Command, unit: Unit): Cmdlet {
  const cmdlet = unit.cmdletNamed(name);
  if (cmdlet) return cmdlet;
  throw new SyntaxProblem('CommandNotFoundException', notRecognized(name), unit.text, nameAt);
}

function splat(cmdlet: Cmdlet, value: Value, named: [Parameter, Value][], positional: Value[]): void {
  if (!(value instanceof Hashtable)) {
    positional.push(...elements(value));
    return;
  }
  for (const [key, entry] of value.entries) named.push([resolveParameter(cmdlet, key, 'parameters'), entry]);
}

/** A short word takes its flags as the command line does: `set Relay --max-hop-count 5`, `remove Relay --confirm false`. */
function withFlags(command: Command): Command {
  const elements = command.elements.flatMap((element): Element[] => {
    const literal = element.kind === 'argument' && element.value.kind === 'literal' ? element.value : undefined;
    const flag = /^--([a-z][\w-]*)(?:=(.*))?$/is.exec(literal ? String(literal.value) : '');
    if (flag) {
      const value = flag[2] === undefined ? undefined : { ...literal!, value: flag[2] };
      return [{ kind: 'parameter', name: flag[1]!, ...(value ? { value } : {}), at: element.at }];
    }
    return [element];
  });
  return { ...command, elements };
}

function boundElements(
  cmdlet: Cmdlet,
  command: Command,
  text: string,
  compile: (e: Expression) => Plan,
  spelling: Spelling = 'parameters',
): Bound[] {
  const bound: Bound[] = [];
  const positional: { at: number; expression: Expression }[] = [];
  for (let i = 0; i < command.elements.length; i++) {
    const element = command.elements[i]!;
    if (element.kind === 'splat') {
      bound.push({ how: 'splat', plan: compile(element.of) });
    } else if (element.kind === 'argument') {
      positional.push({ at: bound.length, expression: element.value });
      bound.push({ how: 'positional', plan: constant(null) });
    } else {
      const parameter = parameterOf(cmdlet, element.name, text, element.at, spelling);
      let value = element.value;
      const next: Element | undefined = command.elements[i + 1];
      if (!value && parameter.type !== 'switch' && (!mayHaveValue(parameter) || next?.kind === 'argument')) {
        if (next?.kind !== 'argument')
          throw new SyntaxProblem(
            'MissingArgument',
            `Missing an argument for parameter '${parameter.name}' of ${cmdlet.name}. Specify a value and try again.`,
            text,
            element.at,
          );
        value = next.value;
        i++;
      }
      if (!value && spelling === 'flags' && parameter.type === 'switch' && isTruth(next)) {
        value = next.value;
        i++;
      }
      bound.push({ how: 'named', parameter, plan: value ? valueFor(parameter, value, compile) : constant(true) });
    }
  }
  const named = new Set(bound.flatMap((one) => (one.how === 'named' ? [one.parameter] : [])));
  const slots = slotsOf(cmdlet, (p) => named.has(p));
  for (const [n, { at, expression }] of positional.entries()) {
    const slot = slotAt(slots, n);
    bound[at] = { how: 'positional', plan: slot ? valueFor(slot, expression, compile) : compile(expression) };
  }
  return bound;
}

function isTruth(element: Element | undefined): element is Element & { kind: 'argument' } {
  return (
    element?.kind === 'argument' &&
    element.value.kind === 'literal' &&
    /^(?:true|false)$/i.test(String(element.value.value))
  );
}

function parameterOf(cmdlet: Cmdlet, name: string, text: string, at: Span, spelling: Spelling): Parameter {
  try {
    return resolveParameter(cmdlet, name, spelling);
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    if (error.id !== 'NamedParameterNotFound') throw new SyntaxProblem(error.id, error.message, text, at);
    const names = namable(cmdlet, 'parameters').map((p) => p.name);
    const instead = insteadOfParameter(cmdlet.name, name) ?? cmdlet.lacks?.(name, 'parameters');
    const close = instead === undefined ? nearest(name, names) : undefined;
    const hint = instead !== undefined ? ` ${instead}` : close ? ` Did you mean -${close}?` : '';
    const message = `${cmdlet.name}: A parameter cannot be found that matches parameter name '${name}'.${hint}`;
    throw new SyntaxProblem(error.id, message, text, at);
  }
}

/** -ErrorAction 0 is SilentlyContinue: the numbers of the ActionPreference enumeration. */
const ACTIONS = ['SilentlyContinue', 'Stop', 'Continue', 'Inquire', 'Ignore'];

/** Numbers written for a parameter that takes text stay as they were written: -Name 007, -Comment 1.50. */
function valueFor(parameter: Parameter, expression: Expression, compile: (e: Expression) => Plan): Plan {
  if (!takesText(parameter)) return compile(expression);
  if ((parameter.name === 'ErrorAction' || parameter.name === 'WarningAction') && expression.kind === 'literal') {
    const action = ACTIONS[Number(expression.value)];
    if (action !== undefined) return constant(action);
  }
  if (expression.kind === 'literal' && isFigure(expression.value) && expression.text !== undefined)
    return constant(expression.text);
  if (expression.kind === 'list' && expression.items.some((item) => item.kind === 'literal' && isFigure(item.value))) {
    const items = expression.items.map((item) =>
      item.kind === 'literal' && isFigure(item.value) ? { ...item, value: item.text ?? String(item.value) } : item,
    );
    return compile({ ...expression, items });
  }
  return compile(expression);
}

function takesText({ type, kind }: Parameter): boolean {
  if (type !== 'setting') return type === 'string' || type === 'strings' || type === 'path' || type === 'properties';
  return kind !== 'int' && kind !== 'count' && kind !== 'size' && kind !== 'bool';
}
