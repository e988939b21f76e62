/** The trace field this server puts in front of a message (RFC 5321 section 4.4), in a form that hop counting finds again. */

import { mailDate } from '../../smtp/mail-date.ts';
import type { Envelope } from '../contracts/delivery-api.ts';
import type { Peer } from '../contracts/peer.ts';

/** @param id what the log and the reply know the message by */
export function receivedField(envelope: Envelope, fqdn: string, id: string, now: Date): string {
  const { peer, tls } = envelope;
  const cipher = tls ? ` (version=${word(tls.protocol)}, cipher=${word(tls.cipher)})` : '';
  const only = envelope.recipients.length === 1 ? envelope.recipients[0]!.address : undefined;
  const forOne = only && /^[\x21-\x7e]{1,500}$/.test(only) ? ` for <${only}>` : '';
  return [
    `Received: from ${word(envelope.helo) || 'unknown'} (${literal(peer.remoteAddress)}) by ${fqdn}`,
    ` (${literal(peer.localAddress)}) with ${envelope.protocol}${cipher}`,
    ` id ${id}${forOne};`,
    ` ${mailDate(now)}`,
    '',
  ].join('\r\n');
}

function literal(address: Peer['remoteAddress']): string {
  return address.includes(':') ? `[IPv6:${address}]` : `[${address}]`;
}

/** A client's word, made harmless in a header: anything but name characters becomes `?`. */
function word(text: string): string {
  return text.replace(/[^A-Za-z0-9._:[\]-]/g, '?');
}

/** Protocol name of the Received field (RFC 3848, RFC 6531 section 4.3). */
export function protocolName(esmtp: boolean, utf8: boolean, tls: boolean, user: boolean): string {
  if (!esmtp) return 'SMTP';
  return `${utf8 ? 'UTF8SMTP' : 'ESMTP'}${tls ? 'S' : ''}${user ? 'A' : ''}`;
}
