/** Expressions compiled to plans. What needs statements (`$( … )`, `@( … )`, script blocks) comes from the statement compiler. */
import type { CmdletError } from '../../pipeline/error.ts';
import { INTEGER_TYPES, isFigure } from '../../pipeline/number.ts';
import { Hashtable, isScriptBlock, printed, type Value } from '../../pipeline/value.ts';
import type { Assignable, Body, Expression, MethodCall, Statement, Variable } from '../parser/ast.ts';
import { add, negated } from '../runtime/arithmetic.ts';
import { bitwise } from '../runtime/bitwise.ts';
import { blockMethod, calleeOf, closure } from '../runtime/block.ts';
import { invoked } from '../runtime/call.ts';
import { cast, castResult, typeTest } from '../runtime/cast.ts';
import { collected, elements, toBool, typeName } from '../runtime/convert.ts';
import { failure } from '../runtime/failure.ts';
import { HOST_METHODS, HostUi } from '../runtime/host-ui.ts';
import { elementOf, memberOf, setElement, setMember } from '../runtime/members.ts';
import { callMethod } from '../runtime/methods.ts';
import { accounted, binaryFunction, PRINTED } from '../runtime/operators.ts';
import { isRegex, replacedByBlock, replacedByEvaluator } from '../runtime/replace-by-block.ts';
import type { Result } from '../runtime/runnable.ts';
import { isScriptCmdlet } from '../runtime/script-cmdlet.ts';
import { joined, joinedOperator, split, splitByBlock } from '../runtime/text-operators.ts';
import { typeObject, typeOfObject } from '../runtime/type-objects.ts';
import { constant, later, lift, lift2, liftAll, now, type Plan, shortCircuit } from './evaluation.ts';
import { reference } from './reference.ts';
import { staticMember } from './static-member.ts';

/** Characters from which on a text that a method makes is work. */
const LONG_TEXT = 1024;

/** What the expression compiler asks of the statement compiler. */
export interface StatementCompiler {
  /** The one statement in parentheses, its output as one value. */
  value(statement: Statement): Plan;
  /** `$( … )`: output of all statements as one value; `@( … )`: always a list. */
  values(body: readonly Statement[], asList: boolean): Plan;
  block(body: Body): Plan;
}

export function compileExpression(expression: Expression, statements: StatementCompiler): Plan {
  const compile = (e: Expression) => compileExpression(e, statements);
  switch (expression.kind) {
    case 'literal':
      return constant(expression.value);
    case 'expandable':
      return liftAll(
        expression.parts.map((part) => (typeof part === 'string' ? constant(part) : compile(part))),
        (values, session) => {
          for (const value of values) if (Array.isArray(value)) session.budget.spend(value.length * PRINTED);
          return accounted(joined(values as Value[], ''), session);
        },
      );
    case 'variable': {
      const { name } = expression;
      if (name === 'input') return later((session) => session.frame.readInput());
      const { scope } = expression;
      const level = scope === 'private' ? undefined : scope;
      return now((session) => session.read(name, level));
    }
    case 'list':
      return liftAll(expression.items.map(compile), (values) => values.map((value) => value ?? null));
    case 'parenthesis':
      return statements.value(expression.body);
    case 'subexpression':
      return statements.values(expression.body, false);
    case 'array':
      return statements.values(expression.body, true);
    case 'block':
      return statements.block(expression.body);
    case 'hash':
      return hash(expression.pairs.map(([key, value]) => [compile(key), statements.value(value)]));
    case 'member': {
      // of $input, which is no list but what goes through one, every object is asked, for its Count too
      const isInput = expression.target.kind === 'variable' && expression.target.name === 'input';
      return lift2(compile(expression.target), compile(expression.name), (target, name) => {
        if (expression.conditional && isNothing(target)) return null;
        if (isInput) return ofEach(elements(target), printed(name));
        return memberOf(target, printed(name));
      });
    }
    case 'call':
      return methodCall(expression, compile);
    case 'index':
      return lift2(compile(expression.target), compile(expression.index), (target, index) =>
        expression.conditional && isNothing(target) ? null : elementOf(target, index),
      );
    case 'static':
      return staticMember(expression, compile);
    case 'ternary':
      return ternary(compile(expression.condition), compile(expression.then), compile(expression.otherwise));
    case 'unary':
      return unary(expression.operator, compile(expression.operand));
    case 'binary':
      return binary(expression, compile);
    case 'cast': {
      const { type } = expression;
      if (type === 'ref') return reference(expression.operand, compile);
      const { operand } = expression;
      // `$()` is $null, not a pipeline that gave nothing
      if (operand.kind === 'subexpression' && !operand.body.length) return lift(constant(null), () => cast(type, null));
      return lift(compile(operand), (value) => (type === 'void' ? undefined : castResult(type, value)));
    }
    case 'type':
      return constant(typeObject(expression.type));
    case 'step':
      return step(expression, compile);
  }
}

/** `$i++`, `--$i`. */
function step(expression: Extract<Expression, { kind: 'step' }>, compile: (e: Expression) => Plan): Plan {
  const get = compile(expression.target as Expression);
  const set = compileAssignment(expression.target, compile);
  const { by, prefix } = expression;
  // the value is given only where it is used: `$i++` alone prints nothing
  const stepped = (before: Result) => add(steppable(before ?? null, by), by);
  if (get.now && set.now) {
    return now((session) => {
      const before = get.run(session) ?? 0;
      const after = stepped(before);
      set.run(session, after);
      return prefix ? after : before;
    });
  }
  return later(async (session) => {
    const before = (await get.run(session)) ?? 0;
    const after = stepped(before);
    await set.run(session, after);
    return prefix ? after : before;
  });
}

/** What ++ and -- work on: numbers, and nothing, which is 0. */
function steppable(value: Value, by: number): Value {
  if (value === null) return 0;
  if (isFigure(value)) return value;
  const sign = by > 0 ? '++' : '--';
  throw failure(
    'OperatorRequiresNumber',
    `The '${sign}' operator works only on numbers. The operand is a '${typeName(value)}'.`,
  );
}

function hash(pairs: readonly (readonly [key: Plan, value: Plan])[]): Plan {
  return liftAll(pairs.flat(), (values) => {
    const table = new Hashtable();
    for (let i = 0; i < values.length; i += 2) {
      const key = values[i];
      if (key === null || key === undefined)
        throw failure('InvalidNullKey', 'A null key is not allowed in a hash literal.');
      table.set(printed(key), values[i + 1] ?? null);
    }
    return table;
  });
}

function ofEach(objects: readonly Value[], name: string): Result {
  const found = objects.flatMap((one) => elements(memberOf(one, name)));
  return collected(found.filter((value) => value !== null)) ?? null;
}

function isNothing(value: Result): boolean {
  return value === null || value === undefined;
}

function ternary(condition: Plan, then: Plan, otherwise: Plan): Plan {
  if (condition.now && then.now && otherwise.now)
    return now((session) => (toBool(condition.run(session)) ? then.run(session) : otherwise.run(session)));
  return later(async (session) => (toBool(await condition.run(session)) ? then : otherwise).run(session));
}

function methodCall(
  { target, name, arguments: args, conditional }: MethodCall,
  compile: (e: Expression) => Plan,
): Plan {
  const on = target.kind === 'variable' && target.name === 'error' ? ('errors' as const) : undefined;
  const method = name.kind === 'literal' ? printed(name.value).toLowerCase() : '';
  const isCmdlet = target.kind === 'variable' && target.name === 'pscmdlet';
  const isReplacing = method === 'replace' && args[1]?.kind === 'block';
  if (
    isCmdlet ||
    isReplacing ||
    HOST_METHODS.test(method) ||
    /^(?:invoke(?:returnasis|withcontext)?|getnewclosure)$/.test(method)
  )
    return waitingCall(printed((name as { value?: Value }).value), compile(target), args.map(compile));
  if (method === 'foreach' || method === 'where') return blockMethod(method, compile(target), args.map(compile));
  return liftAll([compile(target), compile(name), ...args.map(compile)], ([self, called, ...values], session) => {
    if (on && printed(called).toLowerCase() === 'clear') {
      session.errors.length = 0;
      return undefined;
    }
    if (conditional && isNothing(self)) return null;
    const result = callMethod(
      self,
      printed(called),
      values.map((value) => value ?? null),
    );
    if (typeof result === 'string' && result.length > LONG_TEXT) session.budget.spend(result.length >> 1);
    return result;
  });
}

/** Methods that run code of the script, or ask a person: they are waited for. */
function waitingCall(method: string, target: Plan, args: readonly Plan[]): Plan {
  return later(async (session) => {
    const self = await target.run(session);
    const values: Value[] = [];
    for (const plan of args) values.push((await plan.run(session)) ?? null);
    if (isScriptCmdlet(self)) return self.invoke(method, values);
    if (self instanceof HostUi) return self.call(method.toLowerCase(), values, session);
    const block = isScriptBlock(self) ? calleeOf(self) : undefined;
    const evaluator = values[1] ?? null;
    if (isScriptBlock(evaluator) && isRegex(self))
      return replacedByEvaluator(self, printed(values[0]), evaluator, session);
    if (block && /^getnewclosure$/i.test(method)) return closure(block, session);
    if (!block || !/^invoke/i.test(method)) return callMethod(self, method, values);
    return invoked(block, values, session);
  });
}

function unary(operator: string, operand: Plan): Plan {
  switch (operator) {
    case '-not':
      return lift(operand, (value) => !toBool(value));
    case '+':
      return lift(operand, (value) => add(0, value ?? null));
    case '-':
      return lift(operand, (value) => negated(value ?? null));
    case ',':
      return lift(operand, (value) => [value ?? null]);
    case '-bnot':
      return lift(operand, (value) => bitwise('-bnot', value ?? null, null));
    case '-join':
      return lift(operand, (value) => joinedOperator(value, ''));
    default:
      return lift(operand, (value) =>
        split(
          elements(value).map((v) => printed(v).trim()),
          [],
          operator === '-csplit',
        ),
      );
  }
}

function notAType(value: Value, operator: string): CmdletError {
  return value === null
    ? failure('IsOperatorRequiresType', `The right operand of '${operator}' must be a type.`)
    : failure(
        'RuntimeException',
        `Cannot convert the "${printed(value)}" value of type "System.String" to type "System.Type".`,
        'NotSpecified',
      );
}

function binary(expression: Expression & { kind: 'binary' }, compile: (e: Expression) => Plan): Plan {
  const { operator, right } = expression;
  const left = compile(expression.left);
  if (operator === '-is' || operator === '-isnot' || operator === '-as') {
    if (right.kind === 'type') return lift(left, typeTest(operator, right.type));
    // $type = [int]; 5 -is $type, and 5 -is 'int'
    return lift2(left, compile(right), (value, type) => {
      const named = typeOfObject(type ?? null);
      if (!named) throw notAType(type ?? null, operator);
      return typeTest(operator, named)(value);
    });
  }
  const other = compile(right);
  const first = right.kind === 'list' ? right.items[0] : right;
  if (operator === '-split' && first?.kind === 'block')
    return later(async (session) =>
      splitByBlock(elements(await left.run(session)), elements(await other.run(session))),
    );
  const by = right.kind === 'list' && right.items.length === 2 ? right.items[1]!.kind : undefined;
  if (operator === '-replace' && (by === 'block' || by === 'variable')) {
    const { caseSensitive } = expression;
    const textual = binaryFunction(operator, caseSensitive);
    return later(async (session) => {
      const [text, given] = [await left.run(session), (await other.run(session)) as readonly Value[]];
      const [pattern = null, replacement = null] = given;
      return isScriptBlock(replacement)
        ? replacedByBlock(text, [pattern, replacement], caseSensitive)
        : textual(text, given as Value, session);
    });
  }
  if (operator === '??')
    return shortCircuit(
      left,
      other,
      (value) => (isNothing(value) ? undefined : value),
      (value) => value,
    );
  if (BITWISE.has(operator)) return lift2(left, other, (a, b) => bitwise(operator, a ?? null, b ?? null));
  if (operator === '-and')
    return shortCircuit(
      left,
      other,
      (value) => (toBool(value) ? undefined : false),
      (value) => toBool(value),
    );
  if (operator === '-or')
    return shortCircuit(
      left,
      other,
      (value) => (toBool(value) ? true : undefined),
      (value) => toBool(value),
    );
  return lift2(left, other, binaryFunction(operator, expression.caseSensitive));
}

const BITWISE = new Set(['-band', '-bor', '-bxor', '-shl', '-shr']);

type Setter =
  | { readonly now: true; run(session: import('../runtime/session.ts').Session, value: Result): void }
  | { readonly now: false; run(session: import('../runtime/session.ts').Session, value: Result): Promise<void> };

/** How a value is put where an assignment's left side says. */
export function compileAssignment(target: Assignable, compile: (e: Expression) => Plan): Setter {
  switch (target.kind) {
    case 'variable':
      return { now: true, run: (session, value) => session.set(nameOf(target), value, target.scope) };
    case 'cast': {
      const variable = target.operand as Variable;
      return {
        now: true,
        run: (session, value) => {
          const put = (kept: Value) => {
            session.set(nameOf(variable), kept, variable.scope);
            session.constrain(variable.name, target.type, variable.scope);
          };
          try {
            put(castResult(target.type, value) ?? null);
          } catch (error) {
            // the variable is of its type all the same
            if (OF_NOTHING.has(target.type)) put(cast(target.type, OF_NOTHING.get(target.type)!));
            throw error;
          }
        },
      };
    }
    case 'static': {
      const { name } = target;
      const member = name.kind === 'literal' ? printed(name.value) : name.kind;
      return {
        now: true,
        run: () => {
          throw failure('PropertyAssignmentException', `'${member}' is a ReadOnly property.`);
        },
      };
    }
    case 'list': {
      const setters = target.items.map((item) => compileAssignment(item as Assignable, compile));
      return {
        now: false,
        run: async (session, value) => {
          const values = elements(value);
          for (const [i, setter] of setters.entries()) {
            const isLast = i === setters.length - 1;
            const rest = isLast && values.length > setters.length ? (values.slice(i) as Value[]) : (values[i] ?? null);
            await setter.run(session, rest);
          }
        },
      };
    }
    case 'member':
    case 'index': {
      const object = compile(target.target);
      const key = compile(target.kind === 'member' ? target.name : target.index);
      const put = (o: Result, k: Result, value: Result) =>
        target.kind === 'member' ? setMember(o, printed(k), value ?? null) : setElement(o, k, value ?? null);
      if (object.now && key.now)
        return { now: true, run: (session, value) => put(object.run(session), key.run(session), value) };
      return {
        now: false,
        run: async (session, value) => {
          const o = await object.run(session);
          put(o, await key.run(session), value);
        },
      };
    }
  }
}

/** What values of a type are made of when there is nothing to make them of: value types are never null. */
const OF_NOTHING: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...[...INTEGER_TYPES, 'double', 'datetime', 'timespan', 'char'].map((type) => [type, 0] as const),
  ['guid', '00000000-0000-0000-0000-000000000000'],
]);

/** The variable's name as written, without its scope. */
function nameOf(variable: Variable): string {
  return variable.name === '_' ? '_' : variable.written.slice(variable.written.indexOf(':') + 1);
}
