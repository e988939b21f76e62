/** Casts to .NET types beyond PowerShell's own, and -is for them. */
import type { CmdletError } from '../../pipeline/error.ts';
import { Hashtable, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { cast, elements } from './convert.ts';
import { ExceptionObject } from './exceptions.ts';
import { failure } from './failure.ts';
import { Guid, growingList, guidOf, IpAddress, ipAddressOf, isGrowing, Regex, StringBuilder } from './net-objects.ts';
import { fullTypeName } from './type-objects.ts';

function cannot(value: Value, type: string, why: string): CmdletError {
  return failure(
    'InvalidCastParseTargetInvocation',
    `Cannot convert value "${printed(value)}" to type "${fullTypeName(type)}". Error: "${why}"`,
    'InvalidArgument',
  );
}

/** [type]value. @throws CmdletError */
export function castToNet(type: string, value: Value): Value {
  if (type.startsWith('list[')) return growingList(type, value === null ? [] : elements(value));
  if (type.startsWith('dictionary[')) return value;
  if (type.startsWith('nullable[')) return value === null ? null : cast(type.slice(9, -1), value);
  if (type.startsWith('exception ')) {
    return value instanceof ExceptionObject
      ? value
      : new ExceptionObject(type.slice('exception '.length), printed(value));
  }
  switch (type) {
    case 'arraylist':
      return isGrowing(value, type) ? value : growingList(type, value === null ? [] : elements(value));
    case 'guid': {
      const guid = guidOf(value);
      if (!guid)
        throw cannot(
          value,
          type,
          'Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).',
        );
      return guid;
    }
    case 'ipaddress': {
      const address = ipAddressOf(value);
      if (!address) throw cannot(value, type, 'An invalid IP address was specified.');
      return address;
    }
    case 'regex':
      return value instanceof Regex ? value : new Regex(printed(value));
    case 'stringbuilder':
      return new StringBuilder(printed(value));
    default:
      return value;
  }
}

export function isOfNetType(value: Value, type: string): boolean {
  if (type.endsWith('[]')) return Array.isArray(value);
  if (type.startsWith('exception ')) return value instanceof ExceptionObject;
  if (type.startsWith('list[')) return isGrowing(value, type);
  if (type.startsWith('dictionary[') || type === 'ordered') return value instanceof Hashtable;
  switch (type) {
    case 'arraylist':
      return isGrowing(value, type);
    case 'guid':
      return value instanceof Guid;
    case 'ipaddress':
      return value instanceof IpAddress;
    case 'regex':
      return value instanceof Regex;
    case 'stringbuilder':
      return value instanceof StringBuilder;
    default:
      return value instanceof PsObject && value.type === type;
  }
}
