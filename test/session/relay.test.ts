/** Nothing relays by default: every known trick to make a server send mail on for strangers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAccepted, mayReceive, maySend } from '../../src/domain/accepted-domain.ts';
import { readMailbox } from '../../src/smtp/path.ts';
import { Client } from './harness/client.ts';
import { Host } from './harness/host.ts';

const OURS = [
  { Name: 'contoso', DomainName: 'contoso.com', DomainType: 'Authoritative' as const, Guid: 'g', WhenChanged: '' },
  { Name: 'wild', DomainName: '*.fabrikam.net', DomainType: 'InternalRelay' as const, Guid: 'h', WhenChanged: '' },
];
const VICTIM = 'victim@northwind.com';

/** Paths of RCPT, each written to reach VICTIM (or another host) through us. */
const TRICKS = [
  VICTIM,
  'victim@NORTHWIND.COM',
  'victim@northwind.com.',
  'victim@contoso.com.',
  'victim@contoso.com..',
  'victim%northwind.com@contoso.com',
  'victim%northwind.com@[127.0.0.1]',
  'victim%northwind.com',
  'northwind.com!victim@contoso.com',
  'northwind.com!victim',
  'contoso.com!northwind.com!victim@contoso.com',
  '"victim@northwind.com"@contoso.com',
  '"victim\\@northwind.com"@contoso.com',
  '"victim%northwind.com"@contoso.com',
  '"northwind.com!victim"@contoso.com',
  '"victim@northwind.com"',
  '@contoso.com:victim@northwind.com',
  '@contoso.com,@fabrikam.net:victim@northwind.com',
  '@northwind.com:victim@contoso.com@northwind.com',
  '@mail.contoso.com:victim@northwind.com',
  '@[127.0.0.1]:victim@northwind.com',
  'victim@northwind.com@contoso.com',
  'victim@contoso.com@northwind.com',
  'victim@northwind.com@[127.0.0.1]',
  'victim@[127.0.0.1]',
  'victim@[10.1.2.3]',
  'victim@[IPv6:::1]',
  'victim@127.0.0.1',
  'victim@localhost',
  'victim@mail.contoso.com',
  'victim@contoso.com.northwind.com',
  'victim@northwindcontoso.com',
  'victim@.contoso.com',
  'victim@contoso.com%northwind.com',
  'victim@contoso.com>,<victim@northwind.com',
  'victim@northwind.com,victim@contoso.com',
  'victim@northwind.com victim@contoso.com',
  'victim@northwind.com\tvictim@contoso.com',
  'victim@northwind.com(@contoso.com)',
  '(@contoso.com)victim@northwind.com',
  'victim@northwind.com\\@contoso.com',
  'victim\\@northwind.com@contoso.com',
  'victim @contoso.com',
  'victim@contoso.com\0@northwind.com',
  'victim@contoso.com\r\nRCPT TO:<victim@northwind.com>',
  '|/bin/sh@northwind.com',
  'victim@',
  '@northwind.com',
  '@',
  ':victim@northwind.com',
  'victim@[contoso.com]',
  'victim@xn--contoso-.com',
  'victim@cont\u00adoso.com',
  'victim@contoso\u3002com',
  'victim@\u0441ontoso.com',
  '\u200bvictim@northwind.com',
];

describe('over the wire', () => {
  let host: Host;
  beforeAll(async () => {
    host = new Host({ MaxProtocolErrors: 'Unlimited' });
    host.live = { ...host.live, acceptedDomains: OURS };
    await host.start();
  });
  afterAll(() => host.close());

  const envelopeOf = async (path: string, utf8: boolean) => {
    const client = await Client.open(host.port);
    await client.reply();
    await client.ask('EHLO client.northwind.com');
    await client.ask(`MAIL FROM:<stranger@northwind.com>${utf8 ? ' SMTPUTF8' : ''}`);
    client.send(Buffer.from(`RCPT TO:<${path}>\r\n`, 'utf8'));
    const reply = await client.reply();
    client.end();
    return reply;
  };

  test.each(TRICKS.map((path) => [path]))('%j', async (path) => {
    for (const utf8 of [false, true]) {
      expect(await envelopeOf(path, utf8)).toMatch(/^5\d\d /);
    }
  });

  test('the null sender relays no more than others', async () => {
    const client = await Client.open(host.port);
    await client.reply();
    await client.ask('EHLO x');
    await client.ask('MAIL FROM:<>');
    expect(await client.ask(`RCPT TO:<${VICTIM}>`)).toMatch(/^550 5\.7\.54 /);
    await client.ask('RSET');
    await client.ask('MAIL FROM:<postmaster@contoso.com>');
    expect(await client.ask(`RCPT TO:<${VICTIM}>`)).toMatch(/^550 5\.7\.54 /);
    expect(await client.ask('DATA')).toMatch(/^503 /);
    client.end();
  });

  test('what is ours is taken', async () => {
    for (const path of [
      'kim@contoso.com',
      'KIM@CONTOSO.COM',
      'kim+tag@contoso.com',
      '@northwind.com:kim@contoso.com',
      'kim@a.b.fabrikam.net',
      'postmaster',
    ]) {
      expect(await envelopeOf(path, false)).toBe('250 2.1.5 Recipient OK');
    }
  });
});

describe('the rule', () => {
  const to = (path: string) => readMailbox(path, false)!;

  test('while no domain is configured, everything is ours as long as nothing leaves this machine', () => {
    expect(mayReceive(to(VICTIM), [], false)).toBe(true);
    expect(mayReceive(to('a@[10.0.0.1]'), [], false)).toBe(true);
    expect(mayReceive(to(VICTIM), [], true)).toBe(false);
    expect(mayReceive(to(VICTIM), OURS, false)).toBe(false);
    expect(mayReceive(to(VICTIM), OURS, true)).toBe(false);
  });

  test.each([
    ['contoso.com', true],
    ['CONTOSO.com', true],
    ['a.contoso.com', false],
    ['fabrikam.net', true],
    ['a.fabrikam.net', true],
    ['a.b.fabrikam.net', true],
    ['afabrikam.net', false],
    ['net', false],
    ['', false],
  ])('%s accepted: %s', (domain, accepted) => {
    expect(isAccepted(OURS, domain)).toBe(accepted);
  });

  test('`*` accepts every domain, but no address literal', () => {
    const all = [{ DomainName: '*', DomainType: 'ExternalRelay' }];
    expect(isAccepted(all, 'northwind.com')).toBe(true);
    expect(isAccepted(all, '[10.0.0.1]')).toBe(false);
  });

  test('senders', () => {
    const none = new Set<never>();
    const nobody = { user: '', partner: false };
    expect(maySend(to('a@northwind.com'), none, nobody, OURS)).toBe(false);
    expect(maySend({ address: '', local: '', domain: '' }, none, nobody, OURS)).toBe(true);
    expect(maySend(to('a@northwind.com'), new Set(['SMTP-Accept-Any-Sender'] as const), nobody, OURS)).toBe(true);
    expect(maySend(to('a@contoso.com'), new Set(['SMTP-Accept-Any-Sender'] as const), nobody, OURS)).toBe(false);
    expect(
      maySend(to('a@contoso.com'), new Set(['SMTP-Accept-Authoritative-Domain-Sender'] as const), nobody, OURS),
    ).toBe(true);
    const alice = { user: 'alice', partner: false };
    expect(maySend(to('Alice@contoso.com'), none, alice, OURS)).toBe(true);
    expect(maySend(to('bob@contoso.com'), none, alice, OURS)).toBe(false);
    expect(maySend(to('alice@northwind.com'), none, alice, OURS)).toBe(false);
    expect(maySend(to('alice@northwind.com'), none, alice, [])).toBe(true);
    const whole = { user: 'alice@contoso.com', partner: false };
    expect(maySend(to('alice@contoso.com'), none, whole, OURS)).toBe(true);
    expect(maySend(to('alice@a.fabrikam.net'), none, whole, OURS)).toBe(false);
    const partner = { user: '', partner: true };
    expect(maySend(to('a@northwind.com'), none, partner, OURS)).toBe(true);
    expect(maySend(to('a@contoso.com'), none, partner, OURS)).toBe(false);
  });
});
