/** AUTH LOGIN and AUTH PLAIN (RFC 4954, RFC 4616) against the users of the store. */
import { rightsLine } from '../../domain/permissions.ts';
import type { Refusal } from '../refusal/refusal.ts';
import type { Acceptance } from '../refusal/reply.ts';
import { offersAuth } from './hello.ts';
import { bySetting, flagsWith, MISTAKES } from './judged.ts';
import { userOf } from './logon.ts';
import { CHALLENGES, REPLIES } from './replies.ts';
import type { Answer, SmtpSession } from './smtp-session.ts';

export function auth(session: SmtpSession, argument: string): Answer {
  if (session.client.helo === '') return session.refuse(MISTAKES.helloFirst);
  if (session.client.user !== '' || session.mail) return session.refuse(MISTAKES.badSequence);
  const [mechanism = '', initial, ...more] = argument.split(/[ \t]+/);
  if (mechanism === '' || more.length > 0) return session.refuse(MISTAKES.invalidArguments);
  if (!/^(?:LOGIN|PLAIN)$/i.test(mechanism)) return session.refuse(MISTAKES.unknownMechanism);
  if (!offersAuth(session.settings, session.client.tls !== undefined)) return session.refuse(notOffered(session));
  switch (mechanism.toUpperCase()) {
    case 'LOGIN':
      return ask(session, CHALLENGES.username, initial, (name) =>
        ask(session, CHALLENGES.password, undefined, (password) => logOn(session, 'Login', name, password)),
      );
    case 'PLAIN':
      return ask(session, CHALLENGES.empty, initial, (response) => plain(session, response));
    default:
      return session.refuse(MISTAKES.unknownMechanism);
  }
}

function notOffered({ settings }: SmtpSession): Refusal {
  const { AuthMechanism } = settings;
  const { names } = AuthMechanism;
  const enough = AuthMechanism.has('BasicAuth')
    ? { AuthMechanism: flagsWith(names, [], ['BasicAuthRequireTLS']) }
    : AuthMechanism.has('ExternalAuthoritative')
      ? {}
      : { AuthMechanism: flagsWith(names, ['BasicAuth']) };
  return bySetting(REPLIES.unknownMechanism, settings, 'AuthMechanism', 'AUTH', enough);
}

/** Sends a challenge, unless the response came with the command, and hands the decoded response on. */
function ask(
  session: SmtpSession,
  challenge: Acceptance,
  given: string | undefined,
  use: (response: string) => Answer,
): Answer {
  const take = (text: string): Answer => {
    if (text === '*') return session.refuse(MISTAKES.authCancelled);
    const response = decode(text === '=' ? '' : text); // `=` is an empty initial response (RFC 4954 section 4)
    return response === undefined ? session.refuse(MISTAKES.invalidArguments) : use(response);
  };
  if (given !== undefined) return take(given);
  session.nextLine = (line) => take(line.trim());
  return session.say(challenge);
}

function decode(text: string): string | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  return Buffer.from(text, 'base64').toString('utf8');
}

/** `authzid NUL authcid NUL password`; nobody may act as somebody else. */
function plain(session: SmtpSession, response: string): Answer {
  const parts = response.split('\0');
  if (parts.length !== 3) return session.refuse(MISTAKES.invalidArguments);
  const [actAs, name, password] = parts as [string, string, string];
  return logOn(session, 'Plain', actAs === '' || actAs === name ? name : '', password);
}

async function logOn(
  session: SmtpSession,
  mechanism: 'Login' | 'Plain',
  name: string,
  password: string,
): Promise<void> {
  const { services, source } = session;
  const { users } = services.server();
  const since = performance.now();
  const penalty = () => session.settings.AuthTarpitInterval.seconds * 1000;
  const user = await session.checking(services.logons.check(users, { source, name, password, penalty }));
  if (session.isOver || user === 'left') return undefined;
  if (user) {
    session.client.user = user.Name;
    session.note(rightsLine(session.client.rights()), 'Set Session Permissions');
    return session.say(REPLIES.authenticated);
  }
  session.logonFailures++;
  session.count('logonFailures');
  const { MaxLogonFailures } = session.settings;
  const asked = name.slice(name.lastIndexOf('\\') + 1);
  const because = { kind: 'user', mechanism, asked, user: userOf(users, name) } as const;
  if (MaxLogonFailures === 0 || session.logonFailures <= MaxLogonFailures)
    return session.refuseLogon({ reply: REPLIES.authFailed, because }, since);
  return session.refuseLogon(tooManyLogons(session, mechanism), since);
}

function tooManyLogons({ settings }: SmtpSession, mechanism: string): Refusal {
  const { MaxLogonFailures } = settings;
  const enough = { MaxLogonFailures: '0' };
  return bySetting(REPLIES.tooManyErrors, settings, 'MaxLogonFailures', mechanism, enough, MaxLogonFailures);
}
