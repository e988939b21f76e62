/** The reply table and what is made from it. */
import { describe, expect, test } from 'vitest';
import type { Envelope } from '../../src/listener/contracts/delivery-api.ts';
import { accept, passedOn, reject } from '../../src/listener/refusal/reply.ts';
import { protocolName, receivedField } from '../../src/listener/session/received-header.ts';
import { chunkReceived, greeting, hello, help, queued, REPLIES } from '../../src/listener/session/replies.ts';
import { mailDate } from '../../src/smtp/mail-date.ts';
import { connectorOf } from './harness/host.ts';

test.each(Object.entries(REPLIES))(
  '%s is a reply of one line, its enhanced code of the class of its code',
  (_name, reply) => {
    expect(reply.line).toMatch(/^[2-5]\d\d (?:\d\.\d{1,3}\.\d{1,3} )?[\x20-\x7e]+$/);
    expect(reply.refuses).toBe(reply.code >= 400);
    // 451 5.7.3 is Exchange's own; 354 has no enhanced code (RFC 2034 section 4).
    if (reply.enhanced !== '' && reply !== REPLIES.tlsRequired)
      expect(Number(reply.enhanced.split('.')[0])).toBe(Math.floor(reply.code / 100));
  },
);

test('no reply stands twice in the table', () => {
  const lines = Object.values(REPLIES).map((reply) => `${reply.line}\n${reply.in('Exchange2019').line}`);
  expect(new Set(lines).size).toBe(lines.length);
});

test.each([
  [accept(250, '2.1.0', 'Sender OK'), '250 2.1.0 Sender OK', '250 Sender OK'],
  [accept(354, '', 'Start'), '354 Start', '354 Start'],
  [accept(334, '', ''), '334 ', '334 '],
  [
    accept(250, '2.1.0', 'one', { more: ['2.1.0 two', 'three'] }),
    '250-2.1.0 one\r\n250-2.1.0 two\r\n250 three',
    '250-one\r\n250-2.1.0 two\r\n250 three',
  ],
  [reject(451, '4.0.0', ''), '451 4.0.0', '451 '],
  [accept(250, '', '10.0.0.1 is not a code'), '250 10.0.0.1 is not a code', '250 10.0.0.1 is not a code'],
  [accept(250, '2.6.0', '<2.1.0 x@y>'), '250 2.6.0 <2.1.0 x@y>', '250 <2.1.0 x@y>'],
])('on the wire, with its enhanced code and without: %#', (reply, line, bare) => {
  expect([reply.line, reply.bare, reply.bare]).toEqual([line, bare, bare]);
});

test('what is said at the ends of things', () => {
  expect(hello('mail.contoso.com', '10.0.0.1').line).toBe('250 mail.contoso.com Hello [10.0.0.1]');
  expect(hello('m', '::1', ['SIZE', 'DSN']).line).toBe('250-m Hello [::1]\r\n250-SIZE\r\n250 DSN');
  expect(queued('<a@b>', 7, 'mail.contoso.com').line).toBe(
    '250 2.6.0 <a@b> [InternalId=7, Hostname=mail.contoso.com] Queued mail for delivery',
  );
  expect(chunkReceived(5).line).toBe('250 2.6.0 CHUNK received OK, 5 octets');
  expect(help(['A', 'B']).line).toBe('214-This server supports the following commands:\r\n214 A B');
});

test('421 ends a session, and three others', () => {
  const { invalidDomain, headerTooLarge, quit } = REPLIES;
  const closing = Object.values(REPLIES).filter((reply) => reply.closes);
  expect(new Set(closing)).toEqual(
    new Set([...Object.values(REPLIES).filter((reply) => reply.code === 421), invalidDomain, headerTooLarge, quit]),
  );
});

test('the date is that of RFC 5322', () => {
  const date = new Date('2025-03-01T09:05:07Z');
  expect(mailDate(date)).toBe('Sat, 1 Mar 2025 09:05:07 +0000');
  expect(greeting('mail.contoso.com', date).line).toBe(
    '220 mail.contoso.com Microsoft ESMTP MAIL Service ready at Sat, 1 Mar 2025 09:05:07 +0000',
  );
  for (const [minutes, zone] of [
    [-330, '+0530'],
    [210, '-0330'],
    [0, '+0000'],
    [-60, '+0100'],
  ] as const) {
    const elsewhere = new Date(date);
    elsewhere.getTimezoneOffset = () => minutes;
    expect(mailDate(elsewhere).slice(-5)).toBe(zone);
  }
});

test('500 to 504 are protocol errors, refusals are not, and what the next host says is none of the client’s', () => {
  for (const reply of Object.values(REPLIES))
    expect([reply.line, reply.protocolError]).toEqual([reply.line, reply.code >= 500 && reply.code <= 504]);
  expect(passedOn(501, '5.1.3', 'Bad address').protocolError).toBe(false);
});

describe('Received', () => {
  const envelope = (changes: Partial<Envelope>): Envelope => ({
    sessionId: 'S',
    connector: connectorOf({}),
    peer: { remoteAddress: '192.0.2.7', remotePort: 1, localAddress: '192.0.2.1', localPort: 25 },
    helo: 'client.fabrikam.com',
    protocol: 'ESMTP',
    user: '',
    tls: null,
    mailFrom: { address: 'a@b', parameters: {} },
    recipients: [{ address: 'kim@contoso.com', parameters: {} }],
    body: '7BIT',
    smtpUtf8: false,
    ...changes,
  });
  const field = (changes: Partial<Envelope>) =>
    receivedField(envelope(changes), 'mail.contoso.com', 'S.1', new Date('2025-03-01T09:05:07Z'));

  test('the whole of it', () => {
    expect(field({ tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' }, protocol: 'ESMTPSA' })).toBe(
      'Received: from client.fabrikam.com ([192.0.2.7]) by mail.contoso.com\r\n ([192.0.2.1]) with ESMTPSA (version=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384)\r\n id S.1 for <kim@contoso.com>;\r\n Sat, 1 Mar 2025 09:05:07 +0000\r\n',
    );
  });

  test('IPv6 addresses are literals of RFC 5321', () => {
    const peer = { remoteAddress: '2001:db8::7', remotePort: 1, localAddress: '::1', localPort: 25 };
    expect(field({ peer })).toMatch(/\(\[IPv6:2001:db8::7\]\) by mail\.contoso\.com\r\n \(\[IPv6:::1\]\)/);
  });

  test('a client cannot write into it', () => {
    const text = field({ helo: 'a (b)\r\nX: y; é', recipients: [{ address: 'kïm@contoso.com', parameters: {} }] });
    expect(text).toContain('from a??b???X:?y??? ([192.0.2.7])');
    expect(
      text
        .split('\r\n')
        .slice(1, -1)
        .every((line) => line.startsWith(' ')),
    ).toBe(true);
    expect(text).not.toContain('for <');
  });

  test('several recipients are not told of one another', () => {
    expect(
      field({
        recipients: [
          { address: 'a@b.com', parameters: {} },
          { address: 'c@d.com', parameters: {} },
        ],
      }),
    ).not.toContain('for <');
  });

  test.each([
    [false, false, false, false, 'SMTP'],
    [true, false, false, false, 'ESMTP'],
    [true, false, true, false, 'ESMTPS'],
    [true, false, false, true, 'ESMTPA'],
    [true, false, true, true, 'ESMTPSA'],
    [true, true, true, true, 'UTF8SMTPSA'],
    [true, true, false, false, 'UTF8SMTP'],
  ])('protocol: EHLO %s, UTF-8 %s, TLS %s, user %s: %s', (esmtp, utf8, tls, user, name) => {
    expect(protocolName(esmtp, utf8, tls, user)).toBe(name);
  });
});
