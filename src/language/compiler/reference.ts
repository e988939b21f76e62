/** `[ref]$x` */
import type { Value } from '../../pipeline/value.ts';
import type { Expression } from '../parser/ast.ts';
import { cast } from '../runtime/cast.ts';
import { failure } from '../runtime/failure.ts';
import { Reference } from '../runtime/net-objects.ts';
import { lift, now, type Plan } from './evaluation.ts';

/** The place of a variable that is there. */
export function reference(operand: Expression, compile: (e: Expression) => Plan): Plan {
  if (operand.kind !== 'variable')
    return lift(compile(operand), (value) => {
      let held = value ?? null;
      const set = (found: Value) => {
        held = found;
      };
      return new Reference({ get: () => held, set });
    });
  const { name, scope, written } = operand;
  return now((session) => {
    if (scope)
      return new Reference({
        get: () => session.read(name, scope) ?? null,
        set: (value) => session.set(name, value, scope),
      });
    const slot = session.frame.find(name);
    if (!slot)
      throw failure(
        'NonExistingVariableReference',
        '[ref] cannot be applied to a variable that does not exist.',
        'InvalidOperation',
        { target: written, targetType: 'VariablePath' },
      );
    const set = (value: Value) => {
      slot.value = slot.type ? cast(slot.type, value) : value;
      slot.isNothing = false;
    };
    return new Reference({ get: () => slot.value, set });
  });
}
