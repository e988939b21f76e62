/** Texts that a script runs: another script, Invoke-Expression. */
import { CmdletError } from '../../pipeline/error.ts';
import { SyntaxProblem } from '../parser/syntax-error.ts';
import type { CompiledBody } from './callee.ts';
import type { Session } from './session.ts';

/** A text that is run within another. @param file its full name, and what it was called as @throws CmdletError when it is not of this language */
export function compiledText(
  text: string,
  session: Session,
  file?: { readonly path: string; readonly name: string },
): CompiledBody {
  try {
    return session.compile(text, file?.path);
  } catch (error) {
    if (error instanceof SyntaxProblem)
      throw new CmdletError(error.render(file?.name), { kind: 'usage', id: error.id });
    throw error;
  }
}
