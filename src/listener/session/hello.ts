/** HELO and EHLO: the client's name, and what this connector offers. */
import type { Connector } from '../../domain/connector.ts';
import { isHelloDomain, isHelloName } from '../../smtp/path.ts';
import { bySetting, MISTAKES } from './judged.ts';
import { hello, REPLIES } from './replies.ts';
import type { Answer, SmtpSession } from './smtp-session.ts';

export function helo(session: SmtpSession, argument: string): Answer {
  return greetBack(session, argument, false);
}

export function ehlo(session: SmtpSession, argument: string): Answer {
  return greetBack(session, argument, true);
}

function greetBack(session: SmtpSession, argument: string, esmtp: boolean): Answer {
  const { settings } = session;
  const wrong = settings.RequireEHLODomain ? !isHelloDomain(argument) : argument !== '' && !isHelloName(argument);
  if (wrong) {
    if (!settings.RequireEHLODomain) return session.refuse(MISTAKES.helloName);
    const enough = { RequireEHLODomain: 'false' };
    return session.refuseAndEnd(bySetting(REPLIES.invalidDomain, settings, 'RequireEHLODomain', argument, enough));
  }
  session.resetTransaction(); // RFC 5321 section 4.1.4
  const { client } = session;
  client.helo = argument || `[${session.peer.remoteAddress}]`;
  client.esmtp = esmtp;
  client.promised = settings;
  return session.say(hello(session.fqdn, session.peer.remoteAddress, esmtp ? extensions(session) : undefined));
}

/** The EHLO lines in Exchange's order, each only while its setting says so. */
function extensions({ settings: s, client }: Pick<SmtpSession, 'settings' | 'client'>): string[] {
  const { tls, user } = client;
  const lines: [boolean, string][] = [
    [s.SizeEnabled !== 'Disabled', s.SizeEnabled === 'Enabled' ? `SIZE ${s.MaxMessageSize.bytes}` : 'SIZE'],
    [s.PipeliningEnabled, 'PIPELINING'],
    [s.DeliveryStatusNotificationEnabled, 'DSN'],
    [s.EnhancedStatusCodesEnabled, 'ENHANCEDSTATUSCODES'],
    [s.AuthMechanism.has('Tls') && tls === undefined, 'STARTTLS'],
    [offersAuth(s, tls !== undefined) && user === '', 'AUTH LOGIN PLAIN'],
    [s.EightBitMimeEnabled, '8BITMIME'],
    [s.BinaryMimeEnabled && s.ChunkingEnabled, 'BINARYMIME'],
    [s.ChunkingEnabled, 'CHUNKING'],
    [s.SmtpUtf8Enabled, 'SMTPUTF8'],
    [s.LongAddressesEnabled, 'XLONGADDR'],
    [s.OrarEnabled, 'XORAR'],
  ];
  return lines.filter(([on]) => on).map(([, line]) => line);
}

/** BasicAuth offers AUTH; BasicAuthRequireTLS only inside TLS. */
export function offersAuth(settings: Connector, tls: boolean): boolean {
  const { AuthMechanism } = settings;
  return AuthMechanism.has('BasicAuth') && (tls || !AuthMechanism.has('BasicAuthRequireTLS'));
}
