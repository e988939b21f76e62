/** Export-ConnectorConfiguration: everything, or some connectors, as JSON or YAML for version control, review or another server. */

import type { Json } from '../../domain/kind.ts';
import type { Site } from '../../domain/setting.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { filePath } from '../../pipeline/file-path.ts';
import { Formatted } from '../../print/record.ts';
import { yamlOf } from '../../print/yaml.ts';
import { Draft } from '../../store/draft.ts';
import { writeGiven } from '../../store/given-file.ts';
import { aloneOf } from '../../store/organization.ts';
import { hasWildcard } from '../../text/wildcard.ts';
import { readConfiguration } from '../../transfer/configuration.ts';
import { exported } from '../../transfer/export.ts';
import { fqdnBeside, movedTo } from '../../transfer/move.ts';
import { targets } from '../connectors/connector-object.ts';
import { IDENTITY } from '../connectors/connector-parameters.ts';

export const exportConnectorConfiguration = defineCmdlet({
  name: 'Export-ConnectorConfiguration',
  short: 'export',
  group: 'history',
  summary: 'Write the configuration, or some connectors, as JSON or YAML',
  description:
    'The same configuration always gives the same text: keys in a fixed order, no dates, no generation. Only settings that differ from their defaults are in it. Password hashes are left out unless asked for.',
  input: 'optional',
  parameters: [
    { ...IDENTITY, help: 'Only these connectors, and nothing but connectors; wildcards find several.' },
    {
      name: 'Output',
      type: 'string',
      aliases: ['Format', 'o'],
      values: ['json', 'yaml'],
      help: 'The form. Default: json.',
    },
    {
      name: 'Path',
      aliases: ['Out', 'OutFile'],
      type: 'path',
      help: 'Writes this file (mode 0600 when it is new) instead of standard output; a name ending in .yaml or .yml makes it YAML.',
    },
    {
      name: 'Server',
      type: 'string',
      completes: 'server',
      help: 'For a server of this name. One whose connectors are in the store: those alone. Another: this server’s, with its name and FQDN in the place of ours in names, FQDNs and banners; GUIDs are left out.',
    },
    { name: 'AllSettings', type: 'switch', help: 'Settings at their defaults too.' },
    {
      name: 'IncludeSecrets',
      type: 'switch',
      help: 'Password hashes of users too: for a backup that is kept safe, not for version control.',
    },
  ],
  examples: [
    { command: 'rc export > connectors.json', does: 'Writes everything; import takes it back.' },
    { command: "rc export 'Default*' --output yaml", does: 'Writes some connectors as YAML.' },
    { command: 'rc export Relay --server EX02 | ssh ex02 rc import -', does: 'Copies a connector to another server.' },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { draft: all } = context.statement;
    const server = args.Server;
    const site = server === undefined ? undefined : knownServer(all, server);
    const onServers = server === undefined ? undefined : [site ?? all.site];
    let only: Set<string> | undefined;
    if (args.Identity !== undefined || call.input) {
      only = new Set();
      for await (const stored of targets(call, onServers)) only.add(stored.Guid);
      if (context.statement.errors.length) return; // half an export would pass for a whole one
    }
    const { AllSettings, IncludeSecrets } = args;
    const draft = onServers ? new Draft(aloneOf(all.document, onServers[0]!.server)!) : all;
    let document = exported(draft, { only, allSettings: AllSettings, secrets: IncludeSecrets });
    if (server !== undefined && !site) document = forServer(document, server);
    const path = args.Path;
    const yaml = args.Output === 'yaml' || (args.Output === undefined && /\.ya?ml$/i.test(path ?? ''));
    const text = yaml ? await yamlOf(document) : `${JSON.stringify(document, null, 2)}\n`;
    if (path === undefined) yield new Formatted({ kind: 'text', text });
    else write(filePath(context.host, path), text, IncludeSecrets);
  },
});

/** A server of several whose connectors the store holds; the only one there is need not be told apart. */
function knownServer({ servers }: Draft, text: string): Site | undefined {
  return servers.others.length && !hasWildcard(text) ? servers.meant(text)[0] : undefined;
}

function write(path: string, text: string, secret: boolean): void {
  try {
    writeGiven(path, text, secret);
  } catch (error) {
    throw new CmdletError(`${path} cannot be written (${(error as Error).message}).`, { id: 'WriteError' });
  }
}

/** The export as that of another server. */
function forServer(document: Record<string, Json>, name: string): Record<string, Json> {
  const { configuration } = readConfiguration(document);
  const from = configuration.server!;
  const to = { name, fqdn: fqdnBeside(name, from.fqdn) };
  const moved = movedTo(configuration, from, to);
  const list = (section: string, items: readonly { name: string }[] | undefined) =>
    (document[section] as Record<string, Json>[] | undefined)?.map(({ Guid: _, ...item }, i) => ({
      ...item,
      Name: items![i]!.name,
    }));
  return {
    ...document,
    server: to,
    connectors: list('connectors', moved.connectors)!.map((c, i) => ({ ...c, ...moved.connectors![i]!.settings })),
    ...(document.acceptedDomains ? { acceptedDomains: list('acceptedDomains', moved.acceptedDomains)! } : {}),
    ...(document.users ? { users: list('users', moved.users)! } : {}),
  };
}
