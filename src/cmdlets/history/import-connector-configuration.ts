/** Import-ConnectorConfiguration: a file that export wrote, or a part of one, into the store; all of it valid, or nothing. */

import { changeText, rowsOf } from '../../history/rows.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { difference } from '../../store/difference.ts';
import { sameText } from '../../text/wildcard.ts';
import { type Guids, type Merged, type Mode, merged } from '../../transfer/merge.ts';
import { fqdnBeside, movedTo } from '../../transfer/move.ts';
import { ConfigurationError, configurationFrom, type Read, refuseInvalid, textOf } from '../../transfer/read.ts';
import { oneServer } from '../connectors/connector-server.ts';
import { rowObject } from './history-row.ts';

const PARAMETERS = [
  {
    name: 'Path',
    type: 'path',
    position: 0,
    mandatory: true,
    completes: 'file',
    placeholder: 'FILE',
    help: 'The file; "-" is standard input.',
  },
  { name: 'Merge', type: 'switch', help: 'Sets what the file says and keeps the rest. This is the default.' },
  { name: 'Replace', type: 'switch', help: 'Removes what is not in the file, section by section.' },
  {
    name: 'ByGuid',
    type: 'switch',
    help: 'What has the GUID of an object of the store is that object, even under another name, and renames it. Without it the name decides.',
  },
  {
    name: 'Server',
    type: 'string',
    placeholder: 'NAME',
    completes: 'server',
    help: 'The file comes from another server: its name and FQDN are replaced by those of NAME, this server or another one of the store, and GUIDs are made anew.',
  },
] as const satisfies readonly Parameter[];

type OwnCall = Call<(typeof PARAMETERS)[number]>;

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
    const { arguments: args, context } = call;
    const path = args.Path;
    if (path === undefined) throw usage('Import-ConnectorConfiguration needs a file: rc import connectors.json');
    if (args.Merge && args.Replace) throw usage('--merge and --replace exclude one another.');
    const mode: Mode = args.Replace ? 'replace' : 'merge';
    try {
      const read = adapted(call, await configurationFrom(path, textOf(path, context.host)));
      const guids: Guids = new Map();
      const now = context.host.clock().toISOString();
      const { draft } = context.statement;
      const before = draft.document;
      const make = (document = draft.document): Merged => {
        const result = merged(document, read.configuration, mode, now, guids, args.ByGuid);
        refuseInvalid(read, result);
        return result;
      };
      const { document: after, withoutPassword } = make();
      for (const name of withoutPassword)
        context.warn(`User "${name}" is not made: the file has no password for it. Make it with: rc new-smtp-user`);
      const changes = difference(before, after);
      if (!changes.length) {
        context.warn(`Everything is already as ${path} says; nothing was changed.`);
        return;
      }
      const lines = changes.map((change) => changeText(change, draft.servers));
      if (!(await context.shouldProcess(`Importing ${path} (${mode}):\n  ${lines.join('\n  ')}\n`.trimEnd()))) return;
      context.statement.change((d) => {
        d.document = make(d.document).document;
      });
      for (const change of changes) for (const row of rowsOf(change, draft.servers)) yield rowObject(row);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      throw new CmdletError(`${error.message}\nNothing was changed.`, { id: 'InvalidConfiguration', target: path });
    }
  },
});

/** A configuration of another server, made this one's when that was asked for. */
function adapted({ arguments: args, context }: OwnCall, read: Read): Read {
  const { draft } = context.statement;
  const { servers } = draft;
  const { server: here } = draft.document;
  const from = read.configuration.server;
  const wanted = args.Server;
  if (wanted === undefined) {
    if (from && !servers.has(from.name))
      context.warn(
        `The file is from server ${from.name}, and this is ${here.name}. Names and FQDNs are taken as they are; to adapt them: --server ${here.name}`,
      );
    return read;
  }
  if (!servers.others.length && !sameText(wanted, here.name))
    throw usage(
      `This server is ${here.name}, not ${wanted}. To write a file for another server: rc export --server ${wanted}`,
    );
  if (!from)
    throw usage(
      '--server needs a file that says which server it is from ("server": {"name", "fqdn"}), as rc export writes it.',
    );
  const { server: name, fqdn } = oneServer(draft, wanted);
  const to = { name, fqdn: fqdn === '' ? fqdnBeside(name, from.fqdn) : fqdn };
  return { ...read, configuration: movedTo(read.configuration, from, to) };
}
