/** Set-TransportService: changes the server's own settings. */
import { accessSync, constants, statSync } from 'node:fs';
import { type Report, sameJson } from '../../domain/catalogue.ts';
import type { Site } from '../../domain/setting.ts';
import { checkTransport, editTransport, readTransport, type Transport } from '../../domain/transport.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import type { Context } from '../../pipeline/context.ts';
import { PsObject, printed } from '../../pipeline/value.ts';
import type { Draft } from '../../store/draft.ts';
import { shellWord } from '../../text/shell-word.ts';
import { sameText } from '../../text/wildcard.ts';
import { refuse } from '../connectors/change-connector.ts';
import { transportLacks } from '../exchange-parameters.ts';
import { makeChange } from '../make-change.ts';
import { warnUnmodified } from '../warn-unmodified.ts';
import { IDENTITY, sitesMeant, TRANSPORT_PARAMETERS, transportObject } from './transport-object.ts';

export const setTransportService = defineCmdlet({
  name: 'Set-TransportService',
  aliases: ['Set-TransportServer', 'Set-FrontendTransportService'],
  group: 'server',
  summary: 'Change the transport service’s settings: delivery, next host, logs',
  description: 'A running listener obeys from the next message or connection on. Names of log settings are Exchange’s.',
  changes: 'low',
  input: 'optional',
  gives: 'TransportService',
  lacks: transportLacks,
  parameters: [
    { ...IDENTITY, pipeline: true, help: `${IDENTITY.help} Without it, this one.` },
    ...TRANSPORT_PARAMETERS.single,
    ...TRANSPORT_PARAMETERS.lists,
    { name: 'PassThru', type: 'switch', help: 'Outputs the changed settings.' },
  ],
  examples: [
    {
      command: 'rc set-transport-service --delivery-method Relay --smart-host mail.contoso.com:25',
      language: 'Set-TransportService -DeliveryMethod Relay -SmartHost mail.contoso.com:25',
      does: 'Hands mail on to the next host while the client waits.',
    },
    {
      command: 'rc set-transport-service --receive-protocol-log-max-age 7.00:00:00',
      language: 'Set-TransportService -ReceiveProtocolLogMaxAge 7.00:00:00',
      does: 'Keeps the protocol log for a week.',
    },
    {
      command: 'rc set-transport-service --add-proxy-protocol-trusted-sources 10.0.0.5',
      language: "Set-TransportService -ProxyProtocolTrustedSources @{Add='10.0.0.5'}",
      does: 'Believes the PROXY header of one more front end.',
    },
  ],
  async *run(call) {
    const { arguments: args, context, input } = call;
    const { statement } = context;
    const edits = TRANSPORT_PARAMETERS.edits(call);
    const given = args.Identity;
    const identities: string[] = given === undefined ? [] : [given];
    if (given === undefined && input) {
      for await (const piped of input)
        identities.push(printed(piped instanceof PsObject ? (piped.get('Identity') ?? piped.get('Name')) : piped));
    }
    const sites = identities.length
      ? [...new Set(identities.flatMap((identity) => sitesMeant(context, identity)))]
      : (context.onServers ?? [statement.draft.site]);
    for (const site of sites) {
      const { server } = site;
      let modified = false;
      const change = (draft: Draft): void => {
        const next = changed(draft, site, edits);
        modified = !sameJson(draft.transportOf(site), next);
        if (modified) draft.putTransport(site, next);
      };
      const told = (): void => {
        if (statement.draft.servers.isOwn({ Server: server })) {
          const transport = readTransport(statement.draft.document.transport);
          for (const setting of SECRET_FILES)
            if (edits.has(setting)) warnOpenSecret(setting, transport[setting], context);
          if (edits.has('EventCommand')) warnNoProgram(transport.EventCommand, context);
        }
        if (!modified) warnUnmodified(context, server);
      };
      if (!(await makeChange(context, `Setting Transport service "${server}".`, change, told))) continue;
      if (args.PassThru) yield transportObject(statement.draft, site, context.store.home);
    }
  },
});

function changed(draft: Draft, site: Site, edits: Parameters<typeof editTransport>[1]): Record<string, unknown> {
  const problems: string[] = [];
  const report = (key: string, message: string) => problems.push(`${key}: ${message}`);
  const next = editTransport(draft.transportOf(site), edits, report);
  if (!problems.length) {
    const transport = readTransport(next);
    for (const v of checkTransport(transport)) report(v.path, v.message);
    if (edits.has('SmartHost')) checkSmartHost(draft, site, transport, report);
  }
  refuse(site.server, problems);
  return next;
}

/** The next host is not this listener itself, and stays while a connector needs it. */
function checkSmartHost(draft: Draft, site: Site, { SmartHost, nextHost: host }: Transport, report: Report): void {
  const connectors = draft.connectorsOf([site]).map((stored) => draft.connector(stored));
  if (!host) {
    const needy = connectors.filter((c) => c.DeliveryMethod === 'Relay').map((c) => `"${c.Name}"`);
    if (needy.length) report('SmartHost', `is needed by ${needy.join(', ')}, whose DeliveryMethod is Relay`);
    return;
  }
  const { fqdn } = site;
  const local = /^(localhost|127\..*|::1)$/i.test(host.host) || sameText(host.host, fqdn);
  const self = connectors.find((c) =>
    c.Bindings.some((b) => b.port === host.port && (b.address === host.host || (local && isHere(b.address)))),
  );
  if (self?.Enabled)
    report('SmartHost', `${SmartHost} is this listener itself ("${self.Name}"); mail would go round in circles`);
}

const isHere = (address: string) => /^(0\.0\.0\.0|::|127\..*|::1)$/.test(address);

/** The listener reads them whenever it needs them, and uses none that others can read: better said now. */
const SECRET_FILES = ['SmartHostPasswordFile', 'EventWebhookSecretFile'] as const;

function warnOpenSecret(setting: (typeof SECRET_FILES)[number], path: string, context: Context): void {
  if (path === '') return;
  try {
    if (statSync(path).mode & 0o077)
      context.warn(
        `${setting}: ${path} can be read by others than its owner and will not be used: chmod 600 ${shellWord(path)}`,
      );
  } catch (error) {
    context.warn(`${setting}: the file cannot be read (${(error as Error).message}).`);
  }
}

/** It is started when an event comes; whether it can be is better said now. */
function warnNoProgram(path: string, context: Context): void {
  if (path === '') return;
  try {
    accessSync(path, constants.X_OK);
    if (statSync(path).isDirectory()) context.warn(`EventCommand: ${path} is a folder, not a program.`);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EACCES';
    context.warn(
      isThere
        ? `EventCommand: ${path} cannot be run: chmod +x ${path}`
        : `EventCommand: the program cannot be run (${(error as Error).message}).`,
    );
  }
}
