/** Invoke-Command, where it is about this machine. */
import type { Command, Element, Expression } from '../parser/ast.ts';
import { SyntaxProblem } from '../parser/syntax-error.ts';
import type { Unit } from './unit.ts';

/**
 * `Invoke-Command { … } -ArgumentList a, b` is `& { … } a b` on this machine, which a session of New-PSSession stands for too.
 * @throws SyntaxProblem when it is about other machines, or would run beside the text
 */
export function calledHere(command: Command, unit: Unit): Command {
  const elsewhere = () =>
    new SyntaxProblem(
      'NotPartOfThisLanguage',
      'Invoke-Command on another computer, or as a job, is not part of this language. The cmdlets run here, on this store: write Invoke-Command { … }.',
      unit.text,
      command.nameAt,
    );
  const rest: Element[] = [];
  const named = new Map<string, Expression>();
  for (let i = 0; i < command.elements.length; i++) {
    const element = command.elements[i]!;
    if (element.kind !== 'parameter') {
      rest.push(element);
      continue;
    }
    const meant = ['ScriptBlock', 'ArgumentList', 'Session', 'NoNewScope', 'ErrorAction', 'EA', 'Args'].find((one) =>
      one.toLowerCase().startsWith(element.name.toLowerCase()),
    );
    if (meant === undefined) throw elsewhere();
    if (meant === 'NoNewScope') continue;
    const next = command.elements[i + 1];
    const value = element.value ?? (next?.kind === 'argument' ? next.value : undefined);
    if (!value) throw elsewhere();
    if (!element.value) i++;
    named.set(meant === 'Args' ? 'ArgumentList' : meant, value);
  }
  const first = rest[0]?.kind === 'argument' ? rest[0].value : undefined;
  const what = named.get('ScriptBlock') ?? first;
  if (!what || rest.length !== (named.has('ScriptBlock') ? 0 : 1)) throw elsewhere();
  const given = named.get('ArgumentList');
  const values = given?.kind === 'list' ? given.items : given ? [given] : [];
  const elements = values.map((value): Element => ({ kind: 'argument', value, at: value.at }));
  return { ...command, called: { what, inThisScope: false }, elements };
}
