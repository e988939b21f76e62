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
  let inThisScope = false;
  for (let i = 0; i < command.elements.length; i++) {
    const element = command.elements[i]!;
    if (element.kind !== 'parameter') {
      rest.push(element);
      continue;
    }
    const meant = parameterMeant(element.name);
    if (meant === undefined) throw elsewhere();
    if (meant === 'NoNewScope') {
      inThisScope = true;
      continue;
    }
    const next = command.elements[i + 1];
    const value = element.value ?? (next?.kind === 'argument' ? next.value : undefined);
    if (!value) throw elsewhere();
    if (!element.value) i++;
    named.set(meant, value);
  }
  const first = rest[0]?.kind === 'argument' ? rest[0].value : undefined;
  const what = named.get('ScriptBlock') ?? first;
  if (!what || rest.length !== (named.has('ScriptBlock') ? 0 : 1)) throw elsewhere();
  const given = named.get('ArgumentList');
  const elements: readonly Element[] =
    given?.kind === 'list'
      ? given.items.map((value) => ({ kind: 'argument', value, at: value.at }))
      : given
        ? [{ kind: 'splat', of: listOf(given), at: given.at }]
        : [];
  const common = new Map([...named].filter(([name]) => name.endsWith('Variable')));
  return { ...command, called: { what, inThisScope, common }, elements };
}

const PARAMETERS = [
  ...['ScriptBlock', 'ArgumentList', 'Session', 'NoNewScope', 'ErrorAction'],
  ...['ErrorVariable', 'OutVariable', 'WarningVariable', 'InformationVariable', 'PipelineVariable'],
];
const ALIASES: Readonly<Record<string, string>> = {
  args: 'ArgumentList',
  ea: 'ErrorAction',
  ev: 'ErrorVariable',
  ov: 'OutVariable',
  wv: 'WarningVariable',
  iv: 'InformationVariable',
  pv: 'PipelineVariable',
};

function parameterMeant(typed: string): string | undefined {
  const lower = typed.toLowerCase();
  return ALIASES[lower] ?? PARAMETERS.find((one) => one.toLowerCase().startsWith(lower));
}

/** A list's elements are arguments, each; anything else is one. */
function listOf(value: Expression): Expression {
  return { kind: 'cast', type: 'array', operand: value, at: value.at };
}
