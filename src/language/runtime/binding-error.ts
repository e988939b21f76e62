/** Errors of what a function is given. */
import { CmdletError } from '../../pipeline/error.ts';
import type { Value } from '../../pipeline/value.ts';
import { netText } from '../../print/format-string.ts';
import { shortTypeName } from './convert.ts';

/** @param id PowerShell's error id: `NamedParameterNotFound` */
export function bindingError(
  id: string,
  message: string,
  category = 'InvalidArgument',
  about: { readonly target?: string; readonly targetType?: string } = {},
): CmdletError {
  return new CmdletError(message, { id, category, ...about });
}

/** Of an object in the pipeline that no parameter takes. */
export function inputNotBound(object: Value): CmdletError {
  return bindingError(
    'InputObjectNotBound',
    'The input object cannot be bound to any parameters for the command either because the command does not take pipeline input or the input and its properties do not match any of the parameters that take pipeline input.',
    'InvalidArgument',
    aboutObject(object),
  );
}

/** An object as what an error is about. */
export function aboutObject(object: Value): { readonly target?: string; readonly targetType?: string } {
  if (object === null) return {};
  const type = shortTypeName(object);
  return { target: netText(object), targetType: type === 'PSCustomObject' ? 'PSObject' : type };
}

/** Of a cmdlet that was given too little, where there is nobody to ask. */
export function missingMandatory(parameter: string): CmdletError {
  return new CmdletError(`Cannot process command because of one or more missing mandatory parameters: ${parameter}.`, {
    kind: 'usage',
    id: 'MissingMandatoryParameter',
  });
}
