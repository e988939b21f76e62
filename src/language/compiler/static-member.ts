/** `[math]::PI`, `[math]::Round(1.5)`, and what of them has to do with blocks. */
import { isScriptBlock, printed, type Value } from '../../pipeline/value.ts';
import type { Expression, StaticMember } from '../parser/ast.ts';
import { replacedByEvaluator } from '../runtime/replace-by-block.ts';
import { callStatic, regexOf, staticProperty } from '../runtime/static-members.ts';
import { later, lift, liftAll, type Plan } from './evaluation.ts';

export function staticMember(expression: StaticMember, compile: (e: Expression) => Plan): Plan {
  const { type } = expression;
  const name = compile(expression.name);
  if (!expression.arguments) return lift(name, (member, session) => staticProperty(type, printed(member), session));
  const args = expression.arguments.map(compile);
  const all = liftAll([name, ...args], (values) => values.map((value) => value ?? null));
  // [regex]::Replace may run a block
  if (type !== 'regex' || args.length < 3)
    return lift(all, (values, session) => {
      const [member, ...given] = values as Value[];
      return callStatic(type, printed(member), given, session);
    });
  return later(async (session) => {
    const [member, ...given] = (await all.run(session)) as Value[];
    const [text, pattern, by, options] = given;
    if (!isScriptBlock(by)) return callStatic(type, printed(member), given, session);
    return replacedByEvaluator(regexOf(pattern, options), printed(text), by, session);
  });
}
