/** Send-MailMessage: sends mail over SMTP, one message or many at once, to try a connector. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { SecureString } from '../../pipeline/secure-string.ts';
import { PsObject, printed } from '../../pipeline/value.ts';
import { hostAndPort, reachedAt } from '../../text/bracketed.ts';
import { printable, show } from '../../text/printable.ts';
import { mailLacks } from '../exchange-parameters.ts';
import { passwordOf } from '../users/password-source.ts';
import type { LaneOptions, Outcome, Outgoing } from './mail-lane.ts';
import { MOST_MESSAGES, MOST_PARALLEL, SEND_PARAMETERS, type SendCall } from './send-parameters.ts';

/** For a connection, and for each reply. */
const LIMIT_MS = 60_000;

export const sendMailMessage = defineCmdlet({
  name: 'Send-MailMessage',
  short: 'send',
  group: 'server',
  looksHere: true,
  summary: 'Send mail over SMTP, one message or many at once',
  description:
    'To try a connector, or any server: what it answers is shown, and a refusal ends with exit status 1. With --count a summary tells how many were taken and what the others were answered; --parallel sends over several connections at once. The password is asked for, or read from standard input or a file.',
  gives: 'SentMessage',
  lacks: mailLacks,
  parameters: SEND_PARAMETERS,
  examples: [
    {
      command: 'rc send --from sue@contoso.com --to bob@fabrikam.com --subject Hello --body Text',
      language: 'Send-MailMessage -From sue@contoso.com -To bob@fabrikam.com -Subject Hello -Body Text',
      does: 'Sends a message to this home’s own listener.',
    },
    {
      command: 'rc send --server 127.0.0.1:2525 --from a@b.c --to d@e.f --count 500 --parallel 30',
      does: 'Sends 500 messages over 30 connections, to see what limits do.',
    },
    {
      command:
        'rc send --server mail.contoso.com:587 --tls --user sue --password-file pw --from sue@contoso.com --to bob@fabrikam.com --message mail.eml',
      does: 'Logs on inside TLS and sends a file.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const target = targetOf(call);
    const count = within(call, 'Count', args.Count ?? 1, MOST_MESSAGES);
    const parallel = Math.min(within(call, 'Parallel', args.Parallel ?? 1, MOST_PARALLEL), count);
    const { outgoing } = await import('./mail-making.ts');
    const mail = await outgoing(call);
    const options: LaneOptions = {
      ...target,
      name: args.HeloName ?? process.getBuiltinModule('node:os').hostname(),
      tls: args.ImplicitTls ? 'from the start' : args.UseSsl ? 'required' : 'none',
      verify: args.VerifyCertificate,
      ...(await logon(call)),
      limitMs: LIMIT_MS,
    };
    const server = hostAndPort(target.host, target.port);
    const { outcomes, seconds } = await sendAll(options, mail, count, parallel, context.host.interrupted?.());
    if (args.Count === undefined) {
      const [outcome] = outcomes;
      if (outcome) yield* one(context, server, mail, outcome, seconds);
      return;
    }
    yield summary(server, outcomes, seconds, parallel);
    const failed = outcomes.filter(({ taken }) => !taken).length;
    if (failed > 0)
      context.error(
        new CmdletError(`${failed} of ${count} messages were not taken by ${server}.`, { id: 'MailNotTaken' }),
      );
  },
});

/** Who logs on: nobody, a user who is asked for the password, or a credential that has it. */
async function logon(call: SendCall): Promise<Pick<LaneOptions, 'user' | 'password'>> {
  const { User, Credential: given } = call.arguments;
  if (User !== undefined && given !== undefined)
    throw usage(`${call.spell('User')} and ${call.spell('Credential')} cannot go together.`);
  const password = given instanceof PsObject ? given.get('Password') : undefined;
  const user = User ?? (given instanceof PsObject ? given.get('UserName') : given);
  if (user === undefined || user === null) return { user: undefined, password: '' };
  const name = printed(user);
  return {
    user: name,
    password: password instanceof SecureString ? password.reveal() : await passwordOf(call, name, false),
  };
}

function* one(context: Context, server: string, { to }: Outgoing, outcome: Outcome, seconds: number) {
  const { taken, reply, refused } = outcome;
  if (!taken) {
    context.error(
      new CmdletError(`${server} did not take it: ${printable(reply)}`, { id: 'MailNotTaken', target: server }),
    );
    return;
  }
  for (const recipient of refused)
    context.error(
      new CmdletError(`${server} did not take a recipient: ${printable(recipient)}`, { id: 'RecipientNotTaken' }),
    );
  yield new PsObject('SentMessage', {
    Server: server,
    Reply: reply,
    Recipients: to.length - refused.length,
    Refused: [...refused],
    Seconds: seconds,
  });
}

function summary(server: string, outcomes: readonly Outcome[], seconds: number, connections: number): PsObject {
  const taken = outcomes.filter((outcome) => outcome.taken).length;
  const replies = new Map<string, number>();
  for (const outcome of outcomes) if (!outcome.taken) replies.set(outcome.reply, (replies.get(outcome.reply) ?? 0) + 1);
  return new PsObject('SentMessages', {
    Server: server,
    Taken: taken,
    Failed: outcomes.length - taken,
    Seconds: seconds,
    PerSecond: Math.round(taken / Math.max(seconds, 0.001)),
    Connections: connections,
    Failures: [...replies].sort((a, b) => b[1] - a[1]).map(([reply, times]) => `${times} × ${reply}`),
  });
}

async function sendAll(
  options: LaneOptions,
  mail: Outgoing,
  count: number,
  parallel: number,
  stop: AbortSignal | undefined,
) {
  const { MailLane } = await import('./mail-lane.ts');
  const outcomes: Outcome[] = [];
  let left = count;
  const began = performance.now();
  const lane = async () => {
    const connection = new MailLane(options);
    while (left-- > 0 && !stop?.aborted) outcomes.push(await connection.send(mail));
    connection.close();
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return { outcomes, seconds: Math.round(performance.now() - began) / 1000 };
}

function within(call: SendCall, name: 'Count' | 'Parallel', value: number, most: number): number {
  if (value >= 1 && value <= most) return value;
  throw usage(`${call.spell(name)}: ${value} is not possible; allowed: a whole number from 1 to ${most}.`);
}

function targetOf(call: SendCall): { host: string; port: number } {
  const { arguments: args, context } = call;
  const given = args.SmtpServer?.trim();
  if (given === undefined) return ownTarget(context, args.Port);
  const m =
    /^(?:\[([^\]]+)\]|([^:\s]+))(?::(\d{1,5}))?$/.exec(given) ?? (/^[\da-f:.]+$/i.test(given) ? [given, given] : null);
  const host = m?.[1] ?? m?.[2];
  const port = Number(m?.[3] ?? args.Port ?? 25);
  if (!host || port < 1 || port > 65_535)
    throw usage(
      `${call.spell('SmtpServer')}: ${show(given)} is no server; allowed: a name or address and a port, such as mail.contoso.com:25 or [::1]:2525.`,
    );
  return { host, port };
}

/** Where this machine reaches the first enabled connector of the home. */
function ownTarget(context: Context, port: number | undefined): { host: string; port: number } {
  context.store.expectHome();
  const { draft } = context.statement;
  const connectors = draft.document.connectors.map((stored) => draft.connector(stored));
  const bindings = connectors.filter(({ Enabled }) => Enabled).flatMap(({ Bindings }) => Bindings);
  const binding = port === undefined ? bindings[0] : bindings.find((one) => one.port === port);
  if (!binding)
    throw usage(
      port === undefined
        ? 'There is no enabled connector to send to. Say where to: --server mail.contoso.com:25'
        : `No enabled connector of this home listens on port ${port}. Say where to: --server HOST:${port}`,
    );
  return { host: reachedAt(binding.address), port: binding.port };
}
