/** A parameter's text made a value, its mistakes said of the parameter. */

import { ValueError } from '../domain/value-error.ts';
import { usage } from '../pipeline/error.ts';

/** @param spelled the parameter as it is typed @throws CmdletError (usage) where `parse` throws a ValueError */
export function parsedArgument<T>(spelled: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof ValueError ? usage(`${spelled}: ${error.message}`) : error;
  }
}
