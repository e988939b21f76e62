/** Where a variable or alias lives: about_Scopes. */
import type { Parameter } from '../../pipeline/parameter.ts';

export const SCOPE = {
  name: 'Scope',
  type: 'string',
  placeholder: 'SCOPE',
  help: 'Global, Script, Local, or how many callers up: 0 is here, 1 who called.',
} as const satisfies Parameter;
