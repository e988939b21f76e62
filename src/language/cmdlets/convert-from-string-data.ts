/** ConvertFrom-StringData: a table of lines `name = value`. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { Hashtable, printed, type Value } from '../../pipeline/value.ts';
import { unescaped } from '../runtime/text-operators.ts';

export const convertFromStringData = defineCmdlet({
  name: 'ConvertFrom-StringData',
  group: 'language',
  summary: 'Make a table of lines that say name = value',
  description:
    'Empty lines, and those that begin with #, are passed over. A backslash is written twice, as \\n is a line break.',
  input: 'optional',
  parameters: [
    {
      name: 'StringData',
      type: 'value',
      position: 0,
      mandatory: true,
      pipeline: true,
      placeholder: 'TEXT',
      help: 'The lines.',
    },
    {
      name: 'Delimiter',
      type: 'string',
      position: 1,
      placeholder: 'CHARACTER',
      help: 'What is between name and value; = when it is not said.',
    },
  ],
  examples: [
    {
      command: "rc -c '(Get-Content -Raw limits.txt | ConvertFrom-StringData).MaxHopCount'",
      language: '$limits = Get-Content -Raw limits.txt | ConvertFrom-StringData',
      does: 'Reads limits that stand in a file.',
    },
  ],
  async *run({ arguments: { StringData, Delimiter = '=' }, input }) {
    const texts: AsyncIterable<Value> | readonly Value[] = StringData === undefined ? (input ?? []) : [StringData];
    for await (const text of texts) yield tableOf(printed(text), Delimiter);
  },
});

function tableOf(text: string, delimiter: string): Hashtable {
  const table = new Hashtable();
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const at = trimmed.indexOf(delimiter);
    if (at <= 0) throw refused(`Data line '${line}' is not in 'name=value' format. `);
    const name = trimmed.slice(0, at).trim();
    if (table.get(name) !== undefined) throw refused(`Data item '${name}' in line '${line}' is already defined. `);
    table.set(name, unescaped(trimmed.slice(at + 1).trim()));
  }
  return table;
}

function refused(message: string): CmdletError {
  return new CmdletError(message, {
    id: 'InvalidOperation',
    category: 'InvalidOperation',
    type: 'System.Management.Automation.PSInvalidOperationException',
  });
}
