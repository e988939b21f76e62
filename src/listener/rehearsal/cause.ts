/**
 * What stands behind a refusal: which setting, right or domain it is, and what to type to change it. A row for each reply
 * that a client can meet on its way; test/rehearsal types the commands and looks that each changes the reply.
 */
import type { Connector } from '../../domain/connector.ts';
import type { Cause, Exchange } from '../../domain/rehearsal.ts';
import type { Choice } from '../../domain/selection.ts';
import { show } from '../../domain/value-error.ts';
import { shellWord } from '../../text/shell-word.ts';
import { percentageLimit } from '../admission/gate.ts';
import { REPLIES, withoutEnhancedCodes } from '../session/replies.ts';
import {
  longLine,
  recipientDenied,
  recipientDomain,
  senderDenied,
  submitDenied,
  wrongAddress,
} from './cause-of-mail.ts';
import { type CauseOf, type Scene, setting } from './scene.ts';

/** Connectors that could take a client nobody takes. */
const MOST_TOLD = 10;

const NOTHING: Cause = { why: '', mend: [] };

export function causeOf(moment: CauseOf): Cause {
  const { exchange, session } = moment;
  if (exchange.accepted) return NOTHING;
  if (exchange.step === 'Connect' && moment.verdict.kind !== 'accepted') return causeAtGate(moment);
  if (!session) return NOTHING;
  const { settings } = session;
  const scene: Scene = { ...moment, session, settings, name: shellWord(settings.Name) };
  const name = replyName(exchange);
  const row = name && CAUSES[name];
  return row ? row(scene) : { why: moment.defect, mend: [] };
}

type ReplyName = keyof typeof REPLIES;

/** Which of the session's replies it is. Without enhanced codes some read the same; then the step tells them apart. */
export function replyName({ reply, step }: Exchange): ReplyName | undefined {
  const line = reply[0];
  const names = (Object.keys(REPLIES) as ReplyName[]).filter(
    (name) => REPLIES[name] === line || withoutEnhancedCodes(REPLIES[name]) === line,
  );
  return names.find((name) => AT_STEP[name] === step) ?? names[0];
}

/** Replies that belong to one step. */
const AT_STEP: Partial<Record<ReplyName, Exchange['step']>> = {
  invalidSender: 'MAIL',
  invalidRecipient: 'RCPT',
  unrecognizedCommand: 'STARTTLS',
};

function causeAtGate({ verdict, choice, remote }: CauseOf): Cause {
  if (verdict.kind === 'none') return nobodyTakes(choice(), remote);
  const { slot } = verdict;
  const { now } = slot;
  const set = (flag: string, value: string | number) => [`rc set ${shellWord(now.Name)} ${flag} ${value}`];
  const mine = slot.sources.get(remote) ?? 0;
  if (verdict.kind === 'connector') {
    const why = `${now.Name} has ${slot.open} connections, and MaxInboundConnection is ${now.MaxInboundConnection}.`;
    return { why, mend: set('--max-inbound-connection', Math.min(2 * slot.open, 2 ** 31 - 1)) };
  }
  if (verdict.kind !== 'percentage') {
    const why = `${remote} has ${mine} connections to ${now.Name}, and MaxInboundConnectionPerSource is ${now.MaxInboundConnectionPerSource}.`;
    return { why, mend: set('--max-inbound-connection-per-source', mine < 5000 ? 2 * mine : 'Unlimited') };
  }
  const percentage = now.MaxInboundConnectionPercentagePerSource;
  const why = `${remote} has ${mine} connections to ${now.Name}, and MaxInboundConnectionPercentagePerSource, ${percentage} % of the connections that others have not taken, is ${verdict.limit} now.`;
  let enough = percentage;
  while (
    enough < 100 &&
    percentageLimit({ ...now, MaxInboundConnectionPercentagePerSource: enough }, slot.open - mine) <= mine
  )
    enough++;
  return { why, mend: set('--max-inbound-connection-percentage-per-source', enough) };
}

function nobodyTakes({ passed }: Choice<Connector>, remote: string): Cause {
  const disabled = passed.filter((p) => p.reason === 'disabled' && p.range !== undefined);
  // Another connector cannot have a range that a disabled one has on the same binding.
  const mend = disabled.length
    ? disabled.map(({ connector }) => `rc set ${shellWord(connector.Name)} --enabled true`)
    : passed
        .filter((p) => p.reason === 'range')
        .slice(0, MOST_TOLD)
        .map(({ connector }) => `rc set ${shellWord(connector.Name)} --add-remote-ip-ranges ${remote}`);
  return { why: `No connector that listens there takes ${remote}.`, mend };
}

/** Names of a set of flags with one more, and without another. */
function flagsWith(names: readonly string[], more: readonly string[], without: readonly string[] = []): string {
  return [...new Set([...names, ...more])].filter((name) => !without.includes(name)).join(',');
}

const CAUSES: Partial<Record<ReplyName, (scene: Scene) => Cause>> = {
  invalidDomain: (scene) => ({
    why: `RequireEHLODomain is on, and ${show(scene.script.helo)} is neither a domain nor an address in brackets.`,
    mend: [setting(scene, '--require-ehlo-domain false')],
  }),
  invalidArguments: ({ exchange }) => ({
    why:
      exchange.step === 'EHLO'
        ? 'That is no name a client may give itself: a word of at most 255 printable characters.'
        : 'That is no address that MAIL or RCPT could carry.',
    mend: [],
  }),
  unrecognizedCommand: (scene) => ({
    why: `AuthMechanism of ${scene.settings.Name} is ${scene.settings.AuthMechanism}: without Tls there is no STARTTLS.`,
    mend: [setting(scene, `--auth-mechanism ${flagsWith(scene.settings.AuthMechanism.names, ['Tls'])}`)],
  }),
  tlsUnavailable: (scene) => ({
    why: `TlsCertificateName is ${show(scene.settings.TlsCertificateName)}, and no certificate in the home’s folder certificates that can be used has that name.`,
    mend: [setting(scene, '--tls-certificate-name ""')],
  }),
  unknownMechanism: (scene) => {
    const { AuthMechanism, Name } = scene.settings;
    if (!AuthMechanism.has('BasicAuth')) {
      const why = `AuthMechanism of ${Name} is ${AuthMechanism}: without BasicAuth nobody can log on.`;
      const more = AuthMechanism.has('ExternalAuthoritative') ? [] : ['BasicAuth'];
      const mend = more.length
        ? [setting(scene, `--auth-mechanism ${flagsWith(AuthMechanism.names, ['BasicAuth'])}`)]
        : [];
      return { why, mend };
    }
    return {
      why: 'BasicAuthRequireTLS is among AuthMechanism: logging on is offered inside TLS only. The client has to say STARTTLS first (--tls tries that).',
      mend: [setting(scene, `--auth-mechanism ${flagsWith(AuthMechanism.names, [], ['BasicAuthRequireTLS'])}`)],
    };
  },
  authFailed: ({ server, script }) => {
    const bare = script.user.slice(script.user.lastIndexOf('\\') + 1);
    const same = (name: string) => server.users.find((user) => user.Name.toLowerCase() === name.toLowerCase());
    const user = same(script.user) ?? same(bare);
    return user
      ? { why: `The user ${user.Name} is disabled.`, mend: [`rc set-smtp-user ${shellWord(user.Name)} --enabled=true`] }
      : { why: `There is no user ${show(bare)}.`, mend: [`rc new-smtp-user ${shellWord(bare)}`] };
  },
  tlsRequired: (scene) => ({
    why: 'RequireTLS is on: mail is taken only inside TLS. The client has to say STARTTLS first (--tls tries that).',
    mend: [setting(scene, '--require-tls false')],
  }),
  notAuthenticated: submitDenied,
  noSubmit: submitDenied,
  invalidSender: (scene) => wrongAddress(scene, scene.script.mailFrom),
  senderDenied,
  messageTooLarge: (scene) => ({
    why: `MaxMessageSize is ${scene.settings.MaxMessageSize}, and the client has no right ms-Exch-Bypass-Message-Size-Limit.`,
    mend: [setting(scene, `--max-message-size ${Math.max(scene.script.size ?? 0, 65_536)}`)],
  }),
  rateExceeded: (scene) => ({
    why: `MessageRateLimit is ${scene.settings.MessageRateLimit} messages a minute, counted by ${scene.settings.MessageRateSource}.`,
    mend: [setting(scene, '--message-rate-limit Unlimited')],
  }),
  invalidRecipient: (scene) => wrongAddress(scene, recipientOf(scene.exchange)),
  noRelay: (scene) => recipientDenied(scene, recipientOf(scene.exchange)),
  badDestination: (scene) => recipientDomain(scene, recipientOf(scene.exchange)),
  tooManyRecipients: (scene) => ({
    why: `MaxRecipientsPerMessage is ${scene.settings.MaxRecipientsPerMessage}.`,
    mend: [setting(scene, `--max-recipients-per-message ${scene.script.rcptTo.length}`)],
  }),
  headerTooLarge: (scene) => ({
    why: `MaxHeaderSize is ${scene.settings.MaxHeaderSize}, and a header of two fields is over it.`,
    mend: [setting(scene, '--max-header-size 128KB')],
  }),
  tooManyErrors: (scene) => ({
    why: `MaxProtocolErrors is ${scene.settings.MaxProtocolErrors}, and the command is a mistake.`,
    mend: [setting(scene, '--max-protocol-errors 5')],
  }),
  lineTooLong: longLine,
};

function recipientOf({ command }: Exchange): string {
  return command.slice('RCPT TO:<'.length, -1);
}
