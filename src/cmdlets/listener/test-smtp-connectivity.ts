/** Test-SmtpConnectivity: connects to every binding of the connectors and reads the greeting. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { PsObject } from '../../pipeline/value.ts';
import { hostAndPort, reachedAt } from '../../text/bracketed.ts';
import { printable } from '../../text/printable.ts';
import { hasWildcard } from '../../text/wildcard.ts';
import { connectorsMeant } from '../connectors/connector-object.ts';

/** How long a greeting may take: a connector’s tarpit and a slow machine are within it. */
const WAIT_MS = 10_000;
/** RFC 5321 section 4.5.3.1.5. */
const LONGEST_REPLY = 512;

interface Answer {
  readonly status: 'Success' | 'UnableToConnect' | 'TransientFailure' | 'PermanentFailure' | 'Timeout';
  readonly details: string;
}

export const testSmtpConnectivity = defineCmdlet({
  name: 'Test-SmtpConnectivity',
  group: 'server',
  summary: 'Connect to every binding of the enabled connectors and read the greeting',
  description:
    'As Exchange’s cmdlet: it opens a connection from this machine, reads the greeting and says QUIT. What a connector does with a client of another address: rc why.',
  gives: 'SmtpConnectivity',
  parameters: [
    {
      name: 'Identity',
      type: 'strings',
      position: 0,
      completes: 'connector',
      placeholder: 'SERVER or NAME',
      help: 'The server, or connectors of it; wildcards are possible. All enabled connectors when not given.',
    },
    { name: 'MonitoringContext', type: 'bool', help: 'Taken for the sake of scripts.' },
    {
      name: 'WhatIf',
      aliases: ['wi'],
      type: 'switch',
      help: 'Says where it would connect to, and connects to nothing.',
    },
    { name: 'Confirm', aliases: ['cf'], type: 'switch', help: 'Asks before each connection.' },
  ],
  examples: [
    {
      command: 'rc test-smtp-connectivity',
      language: "Test-SmtpConnectivity | where StatusCode -ne 'Success'",
      does: 'Shows which bindings answer.',
    },
  ],
  async *run({ arguments: args, context }) {
    const { draft } = context.statement;
    const { servers } = draft;
    const asked = context.onServers ?? [servers.own];
    const stored = (args.Identity ?? []).flatMap((name) => {
      const sites = hasWildcard(name) ? [] : servers.meant(name);
      return sites.length
        ? draft.connectorsOf(sites).filter((one) => draft.connector(one).Enabled)
        : [...connectorsMeant(context, name)];
    });
    const all = args.Identity ? stored : draft.connectorsOf(asked).filter((one) => draft.connector(one).Enabled);
    const far = all.filter((one) => !servers.isOwn(one));
    if (far.length)
      context.warn(
        `${far
          .slice(0, 5)
          .map((one) => draft.identity(one))
          .join(
            ', ',
          )}${far.length > 5 ? ', …' : ''}: only the machine of that server can connect to its own bindings; there: rc test-smtp-connectivity`,
      );
    for (const { Server, Name, Bindings } of all.filter((one) => servers.isOwn(one)).map((one) => draft.connector(one)))
      for (const binding of Bindings) {
        const endPoint = hostAndPort(reachedAt(binding.address), binding.port);
        if (!(await context.shouldProcess(`Connecting to "${Server}\\${Name}" at ${endPoint}.`))) continue;
        const { status, details } = await greeting(reachedAt(binding.address), binding.port);
        yield new PsObject('SmtpConnectivity', {
          Server,
          ReceiveConnector: Name,
          Binding: String(binding),
          EndPoint: endPoint,
          StatusCode: status,
          Details: details,
        });
      }
  },
});

async function greeting(host: string, port: number): Promise<Answer> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host, port });
    const done = (status: Answer['status'], details: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ status, details: printable(details.trim()) });
    };
    const timer = setTimeout(() => done('Timeout', `No greeting within ${WAIT_MS / 1000} s`), WAIT_MS);
    socket.on('error', (error) => done('UnableToConnect', error.message));
    socket.on('close', () => done('TransientFailure', text || 'The connection was closed without a greeting'));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1').slice(0, LONGEST_REPLY);
      if (!text.includes('\n') && text.length < LONGEST_REPLY) return;
      socket.write('QUIT\r\n');
      const [line] = text.split(/\r?\n/, 1);
      done(line!.startsWith('2') ? 'Success' : line!.startsWith('4') ? 'TransientFailure' : 'PermanentFailure', line!);
    });
  });
}
