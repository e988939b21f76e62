/** STARTTLS (RFC 3207), offered while AuthMechanism has Tls. */

import type { TLSSocket } from 'node:tls';
import { fault } from '../../domain/cause.ts';
import { printable } from '../../text/printable.ts';
import { bySetting, flagsWith, MISTAKES } from './judged.ts';
import { REPLIES } from './replies.ts';
import type { Answer, SmtpSession } from './smtp-session.ts';

export function startTls(session: SmtpSession, argument: string): Answer {
  const { settings, services, fqdn } = session;
  const { AuthMechanism, TlsCertificateName } = settings;
  if (!AuthMechanism.has('Tls') && !session.client.promised?.AuthMechanism.has('Tls')) {
    const enough = { AuthMechanism: flagsWith(AuthMechanism.names, ['Tls']) };
    return session.refuse(bySetting(REPLIES.unrecognizedCommand, settings, 'AuthMechanism', 'STARTTLS', enough));
  }
  if (argument !== '') return session.refuse(MISTAKES.invalidArguments);
  if (session.client.helo === '') return session.refuse(MISTAKES.helloFirst);
  if (session.client.tls) return session.refuse(MISTAKES.badSequence);
  try {
    return session.startTls(services.certificates.contextFor(settings.Fqdn ? settings : { ...settings, Fqdn: fqdn }));
  } catch (error) {
    const why = printable((error as Error).message);
    session.note(why, 'No certificate for TLS');
    if (TlsCertificateName !== '' && !services.certificates.has(TlsCertificateName)) {
      const enough = { TlsCertificateName: '' };
      return session.refuse(bySetting(REPLIES.tlsUnavailable, settings, 'TlsCertificateName', 'STARTTLS', enough));
    }
    return session.refuse({ reply: REPLIES.tlsUnavailable, because: fault('Certificate', why) });
  }
}

/** TLS has begun; what was said before is forgotten. */
export function secured(session: SmtpSession, socket: TLSSocket): void {
  session.resetTransaction();
  const protocol = socket.getProtocol() ?? '';
  const cipher = socket.getCipher();
  session.count('tls');
  const tls = { protocol, cipher: cipher?.standardName ?? cipher?.name ?? '', verified: socket.authorized };
  session.client.secured(tls);
  session.note(`${protocol} ${tls.cipher}`, 'TLS negotiation succeeded');
  if (!session.settings.DomainSecureEnabled) return;
  const subject = socket.getPeerCertificate()?.subject?.CN;
  const name = typeof subject === 'string' ? printable(subject) : 'none';
  session.note(name, tls.verified ? 'Client certificate verified' : 'Client certificate not verified');
}
