/** Import-ConnectorConfiguration: a file that export wrote, or a part of one, into the store; all of it valid, or nothing. */

import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import type { Mode } from '../../transfer/merge.ts';
import { TAKING, takeConfiguration } from './take-configuration.ts';

const PARAMETERS = [
  { name: 'Path', type: 'path', position: 0, mandatory: true, help: 'The file; "-" is standard input.' },
  { name: 'Merge', type: 'switch', help: 'Sets what the file says and keeps the rest. This is the default.' },
  { name: 'Replace', type: 'switch', help: 'Removes what is not in the file, section by section.' },
  ...TAKING,
] as const satisfies readonly Parameter[];

export const importConnectorConfiguration = defineCmdlet({
  name: 'Import-ConnectorConfiguration',
  short: 'import',
  group: 'history',
  summary: 'Take a configuration from a file, whole or in part',
  description:
    'Takes JSON, YAML, or what rc get writes into a file. The whole is checked before anything is written, and every mistake is told with line and column. --merge (the default) sets what the file says and keeps the rest; --replace makes every section of the file (connectors, acceptedDomains, users, transport) as it is there and removes what is not. Shows what it changed, like rc diff.',
  changes: 'low',
  gives: 'ConnectorDifference',
  parameters: PARAMETERS,
  examples: [
    { command: 'rc import connectors.json --what-if', does: 'Says what would change.' },
    { command: 'rc import connectors.json --replace', does: 'Makes the store as the file says.' },
    { command: 'rc import ex01.yaml --server EX02', does: 'Takes over the connectors of another server.' },
  ],
  async *run(call) {
    const { arguments: args } = call;
    const path = args.Path;
    if (path === undefined) throw usage('Import-ConnectorConfiguration needs a file: rc import connectors.json');
    if (args.Merge && args.Replace) throw usage('--merge and --replace exclude one another.');
    const mode: Mode = args.Replace ? 'replace' : 'merge';
    yield* takeConfiguration(call, path, mode);
  },
});
