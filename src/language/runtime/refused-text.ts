/** What is said of a text that is not of this language: each problem as PowerShell shows an error of its parser. */
import { conciseView } from '../../pipeline/concise-view.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { printable } from '../../text/printable.ts';
import type { SyntaxProblem } from '../parser/syntax-error.ts';
import { Position } from './place.ts';

/** All problems in the order of the text, safe to show. @param file the text's file, as it is to be named */
export function refusedText(problem: SyntaxProblem, text: string, file: string | undefined): string {
  const views = [problem, ...problem.others].map(({ id, problem: message, at }) => {
    const error = new CmdletError(message);
    error.place = new Position({ text, file, at });
    const cmdlet = /^([A-Z]\w+-[A-Z]\w+): /.exec(message)?.[1];
    const head = id === 'CommandNotFoundException' ? text.slice(...at).split('\n')[0]! : (cmdlet ?? 'ParserError');
    return conciseView(error, head, { isAlwaysPlaced: true });
  });
  return views.join('\n\n').replace(/[^\n\t]+/g, printable);
}
