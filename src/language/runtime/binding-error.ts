/** Errors of what a function is given. */
import { CmdletError } from '../../pipeline/error.ts';

/** @param id PowerShell's error id: `NamedParameterNotFound` */
export function bindingError(
  id: string,
  message: string,
  category = 'InvalidArgument',
  about: { readonly target?: string; readonly targetType?: string } = {},
): CmdletError {
  return new CmdletError(message, { id, category, ...about });
}
