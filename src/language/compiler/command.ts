/** Commands: the cmdlet found and its parameters resolved when the text is compiled, values evaluated and bound when it runs. */
import { bindArguments, namable, resolveParameter, slotAt, slotsOf } from '../../pipeline/binder.ts';
import type { Cmdlet, Invocation } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { isFigure } from '../../pipeline/number.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { Hashtable, type Value } from '../../pipeline/value.ts';
import { nearest } from '../../text/suggest.ts';
import { commandNamed, commandNames } from '../commands.ts';
import type { Command, Element, Expression } from '../parser/ast.ts';
import { type Span, SyntaxProblem } from '../parser/syntax-error.ts';
import { elements } from '../runtime/convert.ts';
import { fromCommand } from '../runtime/failure.ts';
import type { Session } from '../runtime/session.ts';
import { insteadOfCommand } from '../unsupported-hints.ts';
import { constant, type Plan } from './evaluation.ts';

export interface CompiledCommand {
  readonly cmdlet: Cmdlet;
  bind(session: Session): Promise<Invocation>;
}

type Bound =
  | { readonly how: 'named'; readonly parameter: Parameter; readonly plan: Plan }
  | { readonly how: 'positional'; readonly plan: Plan }
  | { readonly how: 'splat'; readonly plan: Plan };

/** @throws SyntaxProblem when there is no such cmdlet or parameter, or a value is missing */
export function compileCommand(command: Command, text: string, compile: (e: Expression) => Plan): CompiledCommand {
  const cmdlet = cmdletOf(command, text);
  if (cmdlet.name !== 'Get-Help' && command.elements.some((one) => one.kind === 'parameter' && one.name === '?'))
    return compileCommand(helpOn(cmdlet, command), text, compile);
  const bound = boundElements(cmdlet, command, text, compile);
  return {
    cmdlet,
    async bind(session) {
      const named: [Parameter, Value][] = [];
      const positional: Value[] = [];
      for (const one of bound) {
        const value = one.plan.now ? one.plan.run(session) : await one.plan.run(session);
        if (one.how === 'named') named.push([one.parameter, value ?? null]);
        else if (one.how === 'positional') positional.push(value ?? null);
        else splat(cmdlet, value ?? null, named, positional);
      }
      try {
        return bindArguments(cmdlet, { named, positional }, 'parameters');
      } catch (error) {
        throw fromCommand(error, cmdlet.name);
      }
    },
  };
}

/** `Verb-Noun -?` is Get-Help Verb-Noun, whatever else stands there (about_CommonParameters). */
function helpOn(cmdlet: Cmdlet, { kind, nameAt, at }: Command): Command {
  const value: Expression = { kind: 'literal', value: cmdlet.name, at: nameAt };
  return { kind, name: 'Get-Help', nameAt, at, elements: [{ kind: 'argument', value, at: nameAt }] };
}

function cmdletOf({ name, nameAt }: Command, text: string): Cmdlet {
  const cmdlet = commandNamed(name);
  if (cmdlet) return cmdlet;
  const instead = insteadOfCommand(name);
  const close = instead ? undefined : nearest(name, commandNames());
  const hint = instead
    ? ` ${instead}`
    : close
      ? ` Did you mean ${commandNamed(close)!.name.toLowerCase() === close ? commandNamed(close)!.name : close}?`
      : '';
  throw new SyntaxProblem(
    'CommandNotFoundException',
    `The term '${name}' is not recognized as a name of a cmdlet.${hint}`,
    text,
    nameAt,
  );
}

function splat(cmdlet: Cmdlet, value: Value, named: [Parameter, Value][], positional: Value[]): void {
  if (!(value instanceof Hashtable)) {
    positional.push(...elements(value));
    return;
  }
  for (const [key, entry] of value.entries) named.push([resolveParameter(cmdlet, key, 'parameters'), entry]);
}

function boundElements(cmdlet: Cmdlet, command: Command, text: string, compile: (e: Expression) => Plan): Bound[] {
  const bound: Bound[] = [];
  const positional: { at: number; expression: Expression }[] = [];
  for (let i = 0; i < command.elements.length; i++) {
    const element = command.elements[i]!;
    if (element.kind === 'splat') {
      bound.push({ how: 'splat', plan: compile(element.variable) });
    } else if (element.kind === 'argument') {
      positional.push({ at: bound.length, expression: element.value });
      bound.push({ how: 'positional', plan: constant(null) });
    } else {
      const parameter = parameterOf(cmdlet, element.name, text, element.at);
      let value = element.value;
      if (!value && parameter.type !== 'switch') {
        const next: Element | undefined = command.elements[i + 1];
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

function parameterOf(cmdlet: Cmdlet, name: string, text: string, at: Span): Parameter {
  try {
    return resolveParameter(cmdlet, name, 'parameters');
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    if (error.id !== 'NamedParameterNotFound') throw new SyntaxProblem(error.id, error.message, text, at);
    const names = namable(cmdlet, 'parameters').map((p) => p.name);
    const close = nearest(name, names);
    const message = `${cmdlet.name}: A parameter cannot be found that matches parameter name '${name}'.${close ? ` Did you mean -${close}?` : ''}`;
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
