/**
 * `rc init pwsh | Out-String | Invoke-Expression`: the cmdlets as functions of PowerShell 7, made from the table. Objects
 * travel as NDJSON both ways; names, values and rules are left to rc, so the functions only know how parameters are typed.
 * The text is ASCII: PowerShell takes typographic quotes and dashes for its own.
 */

import { CMDLETS } from '../../cmdlets/table.ts';
import type { Cmdlet, CmdletGroup } from '../../pipeline/cmdlet.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { defaultView } from '../../print/default-views.ts';
import { insidePowerShellQuotes } from '../../text/shell-word.ts';
import { MODULE_START, moduleEnd } from './pwsh-module.ts';

/** What PowerShell does itself (Select-Object, Format-Table …) stays its own. */
const GROUPS: ReadonlySet<CmdletGroup> = new Set(['connectors', 'server', 'history']);

export function pwshCmdlets(): Cmdlet[] {
  return CMDLETS.filter((cmdlet) => GROUPS.has(cmdlet.group));
}

export function pwshInit(): string {
  const cmdlets = pwshCmdlets();
  return [
    MODULE_START,
    ...cmdlets.map(functionText),
    completers(cmdlets),
    views(cmdlets),
    moduleEnd(cmdlets.map((c) => c.name)),
  ].join('\n');
}

function functionText(cmdlet: Cmdlet): string {
  const parameters = parametersFor(cmdlet);
  const piped = parameters.find((p) => p.pipeline);
  const binding = cmdlet.changes
    ? `[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = ${quoted(cmdlet.changes === 'high' ? 'High' : 'Medium')})]`
    : '[CmdletBinding()]';
  const collects = piped
    ? `
    begin { $piped = [System.Collections.Generic.List[object]]::new() }
    process { foreach ($item in $${piped.name}) { if ($null -ne $item) { $piped.Add($item) } } }`
    : '';
  const call = [
    'Invoke-RcCmdlet -Cmdlet $PSCmdlet -Bound $PSBoundParameters',
    `-Type ${quoted(`Rc.${cmdlet.gives ?? 'Object'}`)}`,
    ...(piped ? [`-Pipeline ${quoted(piped.name)} -Piped $piped -Expecting $MyInvocation.ExpectingInput`] : []),
    ...(cmdlet.input ? [`-Reads ${quoted(cmdlet.input)}`] : []),
    ...(cmdlet.changes ? ['-Changes'] : []),
  ].join(' ');
  return `function ${cmdlet.name} {
    ${helpText(cmdlet, parameters)}
    ${binding}
    param(
${parameters.map(parameterText).join(',\n')}
    )${collects}
    end { ${call} }
}
`;
}

/** A parameter as the function has it. */
interface Typed extends Parameter {
  readonly as: string;
}

function parametersFor(cmdlet: Cmdlet): Typed[] {
  const own = cmdlet.parameters.filter((p) => !p.commandLineOnly);
  const takesPassword = own.some((p) => p.name === 'PasswordStdin');
  const typed = own
    .filter((p) => !takesPassword || (p.name !== 'PasswordStdin' && p.name !== 'Password'))
    .map((p): Typed => Object.create(p, { as: { value: typeOf(p) } }));
  if (takesPassword) {
    typed.push({
      name: 'Password',
      type: 'string',
      as: 'securestring',
      help: 'The password, as Read-Host -AsSecureString gives it.',
    });
  }
  if (cmdlet.changes && !own.some((p) => p.name === 'Wait')) {
    typed.push({ name: 'Wait', type: 'switch', as: 'switch', help: 'Returns once the running listener obeys.' });
  }
  return typed;
}

function typeOf(parameter: Parameter): string {
  if (parameter.pipeline) return 'object[]';
  switch (parameter.type) {
    case 'switch':
      return 'switch';
    case 'bool':
      return 'bool';
    case 'int':
      return 'int';
    case 'string':
    case 'path':
      return 'string';
    case 'strings':
      return 'string[]';
    case 'setting':
      if (parameter.kind === 'bool') return 'bool';
      if (parameter.kind === 'int') return 'int';
      // A list takes @{Add = ...; Remove = ...} too; a count takes Unlimited; sizes and spans take objects that print.
      return parameter.kind === 'list' || parameter.kind === 'flags' ? 'object' : 'string';
    default:
      return 'object';
  }
}

function parameterText(parameter: Typed): string {
  const attributes: string[] = [];
  const declared = [
    ...(parameter.position === undefined ? [] : [`Position = ${parameter.position}`]),
    ...(parameter.mandatory && !parameter.pipeline ? ['Mandatory = $true'] : []),
    ...(parameter.pipeline ? ['ValueFromPipeline = $true'] : []),
  ];
  if (declared.length) attributes.push(`[Parameter(${declared.join(', ')})]`);
  if (parameter.aliases?.length) attributes.push(`[Alias(${parameter.aliases.map(quoted).join(', ')})]`);
  const isOneOf =
    parameter.values && parameter.as === 'string' && (parameter.type === 'string' || parameter.kind === 'enum');
  if (isOneOf) attributes.push(`[ValidateSet(${parameter.values!.map(quoted).join(', ')})]`);
  return `        ${[...attributes, `[${parameter.as}]`].join(' ')} $${parameter.name}`;
}

function helpText(cmdlet: Cmdlet, parameters: readonly Typed[]): string {
  const lines = [
    '<#',
    '.SYNOPSIS',
    ascii(`${cmdlet.summary}.`),
    ...(cmdlet.description ? ['.DESCRIPTION', ascii(cmdlet.description)] : []),
    ...parameters.flatMap((p) => [`.PARAMETER ${p.name}`, ascii(p.help)]),
    ...cmdlet.examples.flatMap((e) => (e.language ? ['.EXAMPLE', ascii(e.language)] : [])),
    '#>',
  ];
  return lines.join('\n    ');
}

/** Asks `rc __complete` for values: names of connectors, users, domains; enum members of sets. */
function completers(cmdlets: readonly Cmdlet[]): string {
  const byParameter = new Map<string, string[]>();
  for (const cmdlet of cmdlets) {
    for (const p of parametersFor(cmdlet)) {
      if (!p.completes && !(p.type === 'setting' && p.as === 'object' && p.values)) continue;
      byParameter.set(p.name, [...(byParameter.get(p.name) ?? []), cmdlet.name]);
    }
  }
  return [...byParameter]
    .map(
      ([parameter, names]) =>
        `Register-ArgumentCompleter -CommandName ${names.map(quoted).join(', ')} -ParameterName ${quoted(parameter)} -ScriptBlock $completer`,
    )
    .join('\n');
}

function views(cmdlets: readonly Cmdlet[]): string {
  const types = new Set(cmdlets.flatMap((cmdlet) => cmdlet.gives ?? []));
  return [...types]
    .flatMap((type) => {
      const view = defaultView(type);
      if (!view) return [];
      const names = view.columns.map((column) => quoted(column.property)).join(', ');
      return [`Update-TypeData -TypeName ${quoted(`Rc.${type}`)} -DefaultDisplayPropertySet ${names} -Force`];
    })
    .join('\n');
}

/** A text in single quotes, where nothing expands. */
function quoted(text: string): string {
  return `'${insidePowerShellQuotes(ascii(text))}'`;
}

const FOLDED: Readonly<Record<string, string>> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '…': '...',
  '–': '-',
  '—': '-',
};

/** PowerShell reads typographic quotes and dashes as plain ones; help must not end its own comment. */
function ascii(text: string): string {
  return text
    .replace(/[’‘“”…–—]/g, (c) => FOLDED[c]!)
    .replace(/[^\x20-\x7e]/g, '?')
    .replaceAll('#>', '# >');
}
