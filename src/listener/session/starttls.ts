/** STARTTLS (RFC 3207), offered while AuthMechanism has Tls. */
import { printable } from '../../domain/value-error.ts';
import { REPLIES } from './replies.ts';
import type { Answer, SmtpSession } from './session.ts';

export function startTls(session: SmtpSession, argument: string): Answer {
  if (!session.settings.AuthMechanism.has('Tls')) return session.say(REPLIES.unrecognizedCommand);
  if (argument !== '') return session.say(REPLIES.invalidArguments);
  if (session.helo === '') return session.say(REPLIES.helloFirst);
  if (session.tls) return session.say(REPLIES.badSequence);
  try {
    const { settings, services, fqdn } = session;
    return session.startTls(services.certificates.contextFor(settings.Fqdn ? settings : { ...settings, Fqdn: fqdn }));
  } catch (error) {
    session.note(printable((error as Error).message), 'No certificate for TLS');
    return session.say(REPLIES.tlsUnavailable);
  }
}
