/** Set-ConnectorConfiguration: makes the store as a file says, as often as one likes. */

import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import { fileTold } from '../../transfer/read.ts';
import { TAKING, takeConfiguration } from './take-configuration.ts';

export const setConnectorConfiguration = defineCmdlet({
  name: 'Set-ConnectorConfiguration',
  short: 'apply',
  group: 'history',
  summary: 'Make the configuration as a file says; a second time changes nothing',
  description:
    'For a configuration that is kept in a repository: what the file says is set, all of it or nothing, and what it does not mention stays; with --prune what is not in the file is removed, section by section. --check changes nothing, shows what would be changed, and ends with 1 when there is something, with 2 when the file cannot be: for a pipeline that looks for drift. rc diff -f shows the same.',
  changes: 'low',
  gives: 'ConnectorDifference',
  parameters: [
    {
      name: 'File',
      type: 'path',
      aliases: ['f', 'Path'],
      position: 0,
      mandatory: true,
      help: 'JSON or YAML, as rc export writes it, or a part of that; "-" is standard input.',
    },
    { name: 'Prune', type: 'switch', help: 'Removes what is not in the file, in the sections that it has.' },
    {
      name: 'Check',
      type: 'switch',
      help: 'Changes nothing; exit status 1 when the store is not as the file says, 2 when there is no such file or it cannot be.',
    },
    ...TAKING,
  ],
  examples: [
    { command: 'rc apply -f connectors.yaml', does: 'Makes the connectors as the file says.' },
    { command: 'rc apply -f connectors.yaml --prune --what-if', does: 'Says what would be changed and removed.' },
    { command: 'rc apply -f connectors.yaml --prune --check', does: 'Ends with 1 when something differs.' },
  ],
  async *run(call) {
    const { File, Prune, Check } = call.arguments;
    if (File === undefined) throw usage('Set-ConnectorConfiguration needs a file: rc apply -f connectors.yaml');
    const doing = `Applying ${fileTold(File)}${Prune ? ' (--prune)' : ''}`;
    yield* takeConfiguration(call, File, Prune ? 'replace' : 'merge', { doing, only: Check });
  },
});
