/** Help as Get-Help lays it out: NAME, SYNOPSIS, SYNTAX, DESCRIPTION, PARAMETERS, EXAMPLES, from the cmdlet's declaration. */

import { SETTINGS, settingNamed } from '../domain/settings.ts';
import { type Cmdlet, type Example, exchangeParametersOf } from '../pipeline/cmdlet.ts';
import { CHANGE_PARAMETERS, COMMON_PARAMETERS, type Parameter } from '../pipeline/parameter.ts';

export type Detail = 'brief' | 'examples' | 'detailed' | 'full';

/** .NET names of the values, as PowerShell's help writes them. */
const TYPES: Readonly<Record<Parameter['type'], string>> = {
  switch: 'SwitchParameter',
  secret: 'SecureString',
  bool: 'Boolean',
  string: 'String',
  strings: 'String[]',
  int: 'Int32',
  path: 'String',
  value: 'Object',
  properties: 'Object[]',
  scriptblock: 'ScriptBlock',
  setting: 'Object',
};

const KINDS: Readonly<Record<string, string>> = {
  bool: 'Boolean',
  int: 'Int32',
  count: 'Unlimited',
  size: 'ByteQuantifiedSize',
  span: 'EnhancedTimeSpan',
  string: 'String',
  fqdn: 'Fqdn',
  binding: 'IPBinding',
  range: 'IPRange',
  list: 'MultiValuedProperty',
};

function typeOf(parameter: Parameter): string {
  if (parameter.type !== 'setting') return TYPES[parameter.type];
  const { kind, values } = parameter;
  if ((kind === 'enum' || kind === 'flags') && values?.length) return values.join(' | ');
  return KINDS[kind ?? ''] ?? parameter.placeholder ?? 'Object';
}

/** @param width columns of the screen */
export function cmdletHelp(cmdlet: Cmdlet, detail: Detail, width: number): string {
  const own = cmdlet.parameters.filter((p) => !p.commandLineOnly);
  const parts = [section('NAME', `    ${cmdlet.name}`)];
  parts.push(section('SYNOPSIS', paragraph(`${cmdlet.summary}.`, 4, width)));
  if (detail === 'examples') {
    parts.push(examples(cmdlet.examples, width));
    return `\n${parts.join('\n')}`;
  }
  parts.push(section('SYNTAX', paragraph(syntaxOf(cmdlet, own), 4, width)));
  parts.push(section('DESCRIPTION', paragraph(cmdlet.description ?? `${cmdlet.summary}.`, 4, width)));
  if (cmdlet.aliases?.length) parts.push(section('ALIASES', `    ${cmdlet.aliases.join(', ')}`));
  if (detail === 'brief') {
    const more = `To see the examples, type: Get-Help ${cmdlet.name} -Examples\nFor more information, type: Get-Help ${cmdlet.name} -Detailed\nFor all there is to know, type: Get-Help ${cmdlet.name} -Full`;
    parts.push(section('REMARKS', more.replace(/^/gm, '    ')));
    return `\n${parts.join('\n')}`;
  }
  const listed = own.map((p) => parameterHelp(p, detail === 'full', width));
  if (cmdlet.changes) listed.push(...CHANGE_PARAMETERS.map((p) => parameterHelp(p, detail === 'full', width)));
  listed.push(...exchangeParametersOf(cmdlet).map((p) => parameterHelp(p, detail === 'full', width)));
  const common = COMMON_PARAMETERS.map((p) => p.name).join(', ');
  listed.push(
    `    <CommonParameters>\n${paragraph(`This cmdlet supports the common parameters: ${common}.`, 8, width)}\n`,
  );
  parts.push(section('PARAMETERS', listed.join('\n')));
  parts.push(examples(cmdlet.examples, width));
  return `\n${parts.join('\n')}`;
}

function section(heading: string, body: string): string {
  return `${heading}\n${body.replace(/\n+$/, '')}\n\n`;
}

function syntaxOf(cmdlet: Cmdlet, own: readonly Parameter[]): string {
  const all = [...own, ...exchangeParametersOf(cmdlet), ...(cmdlet.changes ? CHANGE_PARAMETERS : [])];
  return [cmdlet.name, ...all.map(syntaxPart), '[<CommonParameters>]'].join(' ');
}

function syntaxPart(parameter: Parameter): string {
  const { name, type, position, mandatory } = parameter;
  if (type === 'switch') return `[-${name}]`;
  if (type === 'secret') return `[-${name} [<SecureString>]]`;
  const value = `<${typeOf(parameter)}>`;
  if (position === undefined) return mandatory ? `-${name} ${value}` : `[-${name} ${value}]`;
  return mandatory ? `[-${name}] ${value}` : `[[-${name}] ${value}]`;
}

function parameterHelp(parameter: Parameter, full: boolean, width: number): string {
  const { name, type, help, mandatory, position, pipeline, aliases, values } = parameter;
  const head = type === 'switch' ? `    -${name} [<SwitchParameter>]` : `    -${name} <${typeOf(parameter)}>`;
  const allowed = values?.length && type !== 'setting' ? ` Allowed: ${values.join(', ')}.` : '';
  const lines = [head, paragraph(help + allowed, 8, width), ''];
  if (full) {
    const facts: [string, string][] = [
      ['Required?', String(mandatory ?? false)],
      ['Position?', position === undefined ? 'named' : String(position)],
      ['Default value', defaultText(parameter)],
      ['Accept pipeline input?', pipeline ? 'true (ByValue, ByPropertyName)' : 'false'],
      ['Aliases', aliases?.join(', ') ?? ''],
      ['Accept wildcard characters?', String(parameter.completes === 'connector' || type === 'properties')],
    ];
    lines.push(...facts.map(([fact, value]) => `        ${fact.padEnd(29)}${value}`.trimEnd()), '');
  }
  return lines.join('\n');
}

function defaultText({ type, setting }: Parameter): string {
  if (type === 'switch') return 'False';
  const known = setting === undefined ? undefined : settingNamed(setting);
  if (!known) return 'None';
  const value = SETTINGS[known].default;
  if (typeof value === 'function') return 'depends on the server';
  return Array.isArray(value) ? value.join(', ') || 'None' : String(value) || 'None';
}

/** The examples written in this language; those of a shell's command line are in `rc help`. */
function examples(list: readonly Example[], width: number): string {
  const written = list.filter((example) => example.language !== undefined);
  const shown = written.map((example, i) => {
    const title = `    -------------------------- Example ${i + 1} --------------------------`;
    return `${title}\n\n    PS> ${example.language}\n\n${paragraph(example.does, 4, width)}\n`;
  });
  return section('EXAMPLES', shown.join('\n'));
}

/** Words in lines of at most `width` columns, each line indented. */
function paragraph(text: string, indent: number, width: number): string {
  const room = Math.max(20, width - indent);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((one) => ' '.repeat(indent) + one).join('\n');
}
