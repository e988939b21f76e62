/** Copy-ReceiveConnector: a new connector with all settings and single rights of another one. Ours; Exchange has none. */
import type { StoredConnector } from '../../domain/connector.ts';
import { newGuid } from '../../domain/guid.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import type { Draft } from '../../store/draft.ts';
import { lazy } from '../../text/lazy.ts';
import { makeChange } from '../make-change.ts';
import { changed, checkCertificate, checkName, refuseClash, warnKept } from './change-connector.ts';
import { connectorObject, connectorsMeant } from './connector-object.ts';
import { CONNECTOR_PARAMETERS, editsFrom } from './connector-parameters.ts';
import { oneServer, ownerOf } from './connector-server.ts';

/** Made when they are asked for, as most commands are another one: eighty, with their help. */
const parameters = lazy(
  () =>
    [
      {
        name: 'Identity',
        type: 'string',
        position: 0,
        pipeline: true,
        completes: 'connector',
        help: 'The connector to copy: its name, SERVER\\Name or GUID.',
      },
      {
        name: 'Name',
        aliases: ['NewName'],
        type: 'string',
        position: 1,
        mandatory: true,
        placeholder: 'NEW',
        help: 'The name of the copy: 1 to 64 characters, unique on the server, no wildcards.',
      },
      {
        name: 'Server',
        type: 'string',
        completes: 'server',
        help: 'The server the copy is made on: its name or FQDN. Without it, that of the connector copied.',
      },
      ...CONNECTOR_PARAMETERS.single,
      ...CONNECTOR_PARAMETERS.lists,
    ] as const satisfies readonly Parameter[],
);

type OwnCall = Call<ReturnType<typeof parameters>[number]>;

export const copyReceiveConnector = defineCmdlet({
  name: 'Copy-ReceiveConnector',
  short: 'copy',
  aliases: ['cp', 'cprc'],
  group: 'connectors',
  summary: 'Make a connector with all settings and single rights of another',
  description:
    'Every setting that is given goes before the copied one. Two connectors cannot have the same binding and the same remote ranges, so one of the two is given.',
  changes: 'low',
  input: 'needed',
  gives: 'ReceiveConnector',
  get parameters() {
    return parameters();
  },
  examples: [
    {
      command: "rc copy 'Client*' Scanners --bindings 127.0.0.1:2530",
      language: "Copy-ReceiveConnector 'Client*' Scanners -Bindings 127.0.0.1:2530",
      does: 'Makes another one like it on a port of its own.',
    },
    {
      command: "rc copy 'Default*' Printers --remote-ip-ranges 10.1.2.0/24 --max-inbound-per-source 100",
      language:
        "Copy-ReceiveConnector 'Default*' Printers -RemoteIPRanges 10.1.2.0/24 -MaxInboundConnectionPerSource 100",
      does: 'Makes one on the same binding for one network, with a limit of its own.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const name = args.Name;
    const source = await sourceOf(call);
    if (name === undefined || source === undefined) return;
    const { statement } = context;
    const edits = editsFrom(call);
    const { draft: now } = statement;
    const site = args.Server === undefined ? now.servers.of(source) : oneServer(now, args.Server);
    const owner = { Server: ownerOf(now, site).Server };
    checkName(now, name, site);
    checkCertificate(context, { Name: name, ...owner }, edits);
    const made = { Name: name, Guid: newGuid(), WhenCreated: '', WhenChanged: '' };
    made.WhenCreated = context.host.clock().toISOString();
    made.WhenChanged = made.WhenCreated;
    const make = (draft: Draft): void => {
      const before = draft.document;
      checkName(draft, name, site);
      const original = before.connectors.find((c) => c.Guid === source.Guid) ?? source;
      draft.putConnector(changed(draft, { ...original, ...owner }, edits, call.spelling, made));
      refuseClash(draft, before, name);
    };
    const what = `Creating Receive connector "${site.server}\\${name}" as a copy of "${now.label(source)}".`;
    const stored = () => statement.draft.byGuid(made.Guid)!;
    const told = () => warnKept(context, source, stored(), new Set());
    if (!(await makeChange(context, what, make, told))) return;
    yield connectorObject(statement.draft, stored());
  },
});

/** @throws CmdletError when it is not exactly one */
async function sourceOf(call: OwnCall): Promise<StoredConnector | undefined> {
  const { arguments: args, context, input } = call;
  const [example, piped] =
    call.spelling === 'flags'
      ? ['rc copy Relay Scanners --bindings 127.0.0.1:2530', '--name Scanners']
      : ['Copy-ReceiveConnector Relay Scanners -Bindings 127.0.0.1:2530', '-Name Scanners'];
  if (args.Name === undefined)
    throw usage(
      `Copy-ReceiveConnector needs the connector and the name of its copy: ${example}. Of a connector that is piped: ${piped}`,
    );
  const found: StoredConnector[] = [];
  const errors = context.statement.errors.length;
  if (args.Identity !== undefined) found.push(...connectorsMeant(context, args.Identity));
  else if (input) for await (const piped of input) found.push(...connectorsMeant(context, piped));
  if (found.length > 1)
    throw usage(
      `${found.length} connectors are meant (${found.map((c) => `"${context.statement.draft.label(c)}"`).join(', ')}), and one is copied at a time.`,
    );
  if (!found.length && context.statement.errors.length === errors)
    throw usage(`No connector is meant, so there is nothing to copy: ${example}`);
  return found[0];
}
