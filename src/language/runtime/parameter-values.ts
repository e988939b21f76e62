/** Values of a function's parameters: converted to their types, refused when empty, and what they are when nobody gave them. */
import { CmdletError } from '../../pipeline/error.ts';
import { INTEGERS, isIntegerType } from '../../pipeline/number.ts';
import type { Value } from '../../pipeline/value.ts';
import { bindingError } from './binding-error.ts';
import type { FunctionParameter } from './callee.ts';
import { cast } from './cast.ts';
import { toBool, typeName } from './convert.ts';
import { memberships } from './parameter-sets.ts';

/** A value as the parameter's type has it. @param strictly a list is no text: of an advanced function @throws CmdletError */
export function converted(one: FunctionParameter, value: Value, strictly: boolean): Value {
  if (one.isSwitch) return toBool(value);
  if (one.type === undefined) return value;
  if (one.type === 'bool' && (value === null || typeof value === 'string' || Array.isArray(value)))
    throw bindingError(
      'ParameterArgumentTransformationError',
      `Cannot process argument transformation on parameter '${one.name}'. Cannot convert value "${value === null ? '' : typeName(value)}" to type "System.Boolean". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.`,
      'InvalidData',
    );
  if (strictly && one.type === 'string' && Array.isArray(value)) {
    throw bindingError(
      'ParameterArgumentTransformationError',
      `Cannot process argument transformation on parameter '${one.name}'. Cannot convert value to type System.String.`,
      'InvalidData',
    );
  }
  try {
    return cast(one.type, value);
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    throw bindingError(
      'ParameterArgumentTransformationError',
      `Cannot process argument transformation on parameter '${one.name}'. ${error.message}`,
      'InvalidData',
    );
  }
}

/** A mandatory parameter wants something, unless it says that it does not. */
export function refuseEmpty(one: FunctionParameter, value: Value): void {
  if (!memberships(one).some((m) => m.mandatory)) return;
  const refuse = (id: string, what: string) => {
    throw bindingError(
      `ParameterArgumentValidationError${id}NotAllowed`,
      `Cannot bind argument to parameter '${one.name}' because it is ${what}.`,
      'InvalidData',
    );
  };
  if (value === null && !one.allows.null) refuse('Null', 'null');
  if (one.type === undefined || one.type === 'object') return; // an empty text is a value as any other
  if (value === '' && !one.allows.emptyString) refuse('EmptyString', 'an empty string');
  if (Array.isArray(value) && !value.length && !one.allows.emptyCollection) refuse('EmptyArray', 'an empty array');
}

/** What a typed parameter is when nobody gave it. */
export function unset(one: FunctionParameter): Value {
  if (one.isSwitch || one.type === 'bool') return false;
  if (one.type === 'string') return '';
  return one.type === 'double' || (one.type && isIntegerType(one.type)) ? cast(one.type, 0) : null;
}

/** .NET's name of a parameter's type. */
export function fullType(type: string | undefined): string {
  const names: Readonly<Record<string, string>> = {
    double: 'System.Double',
    string: 'System.String',
    bool: 'System.Boolean',
    datetime: 'System.DateTime',
    timespan: 'System.TimeSpan',
    hashtable: 'System.Collections.Hashtable',
  };
  if (type && isIntegerType(type)) return `System.${INTEGERS[type].name}`;
  return (type && names[type]) ?? 'System.Object';
}
