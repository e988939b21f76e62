/** AUTH LOGIN and AUTH PLAIN (RFC 4954, RFC 4616) against the users of the store. */
import { rightsLine } from '../../domain/permissions.ts';
import { events } from '../records/event-table.ts';
import { offersAuth } from './hello.ts';
import { CHALLENGES, REPLIES } from './replies.ts';
import type { Answer, SmtpSession } from './session.ts';

export function auth(session: SmtpSession, argument: string): Answer {
  if (session.helo === '') return session.say(REPLIES.helloFirst);
  if (session.user !== '' || session.mail) return session.say(REPLIES.badSequence);
  const [mechanism = '', initial, ...more] = argument.split(/[ \t]+/);
  if (mechanism === '' || more.length > 0) return session.say(REPLIES.invalidArguments);
  if (!offersAuth(session.settings, session.tls !== undefined)) return session.say(REPLIES.unknownMechanism);
  switch (mechanism.toUpperCase()) {
    case 'LOGIN':
      return ask(session, CHALLENGES.username, initial, (name) =>
        ask(session, CHALLENGES.password, undefined, (password) => logOn(session, 'Login', name, password)),
      );
    case 'PLAIN':
      return ask(session, CHALLENGES.empty, initial, (response) => plain(session, response));
    default:
      return session.say(REPLIES.unknownMechanism);
  }
}

/** Sends a challenge, unless the response came with the command, and hands the decoded response on. */
function ask(
  session: SmtpSession,
  challenge: string,
  given: string | undefined,
  use: (response: string) => Answer,
): Answer {
  const take = (text: string): Answer => {
    if (text === '*') return session.say(REPLIES.authCancelled);
    const response = decode(text === '=' ? '' : text); // `=` is an empty initial response (RFC 4954 section 4)
    return response === undefined ? session.say(REPLIES.invalidArguments) : use(response);
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
  if (parts.length !== 3) return session.say(REPLIES.invalidArguments);
  const [actAs, name, password] = parts as [string, string, string];
  return logOn(session, 'Plain', actAs === '' || actAs === name ? name : '', password);
}

async function logOn(
  session: SmtpSession,
  mechanism: 'Login' | 'Plain',
  name: string,
  password: string,
): Promise<void> {
  const { services, connector, source } = session;
  const since = performance.now();
  const penalty = () => session.settings.AuthTarpitInterval.seconds * 1000;
  const user = await session.checking(
    services.logons.check(services.server().users, { source, name, password, penalty }),
  );
  if (session.isOver || user === 'left') return undefined;
  if (user) {
    session.user = user.Name;
    session.note(rightsLine(session.rights()), 'Set Session Permissions');
    return session.say(REPLIES.authenticated);
  }
  session.logonFailures++;
  services.counts.logonFailed(connector, source);
  const { MaxLogonFailures, Name } = session.settings;
  const tooMany = MaxLogonFailures > 0 && session.logonFailures > MaxLogonFailures;
  services.throttle.count(`logon ${connector.guid} ${source}`, () => events.logonFailed(Name, source, mechanism));
  if (tooMany)
    services.throttle.count(`logons ${connector.guid} ${source}`, () =>
      events.tooManyLogons(Name, source, MaxLogonFailures),
    );
  return session.sayLogonFailed(tooMany ? REPLIES.tooManyErrors : REPLIES.authFailed, since);
}
