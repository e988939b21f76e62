import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Delivery } from '../../src/listener/contracts/delivery-api.ts';
import { openDelivery } from '../../src/listener/delivery/delivery.ts';
import { disk } from '../../src/listener/delivery/files.ts';
import { polite, realHost, scriptedHost, untrusted } from './next-host.ts';
import { deliver, Events, envelopeOf, freshHome, serverWith, until } from './scene.ts';

function relayTo(host: string, settings: Record<string, unknown> = {}) {
  const home = freshHome();
  const events = new Events();
  const transport = { DeliveryMethod: 'Relay', SmartHost: host, ...settings };
  const delivery: Delivery = openDelivery(home, events, () => serverWith(transport));
  onTestFinished(() => delivery.close());
  return { home, events, delivery };
}

const one = envelopeOf('a@fabrikam.com', ['b@contoso.com']);
const three = envelopeOf('a@fabrikam.com', ['b@contoso.com', 'c@contoso.com', 'd@contoso.com']);
const ALL = ['PIPELINING', 'SIZE 1000000', '8BITMIME', 'SMTPUTF8', 'DSN', 'CHUNKING', 'BINARYMIME'];

const certificate = untrusted();
const withTls = { ...certificate, disabledCommands: [] as string[] };

test('the next host gets the message as it is, and its answer is ours', async () => {
  const host = await realHost();
  const { delivery } = relayTo(host.host);
  const result = await deliver(delivery, three, 'Subject: Hi\r\n\r\n', '.dot\r\n..two\r\nend');
  expect(result).toEqual({ ok: true, reply: '250 2.0.0 Ok: queued as 1' });
  expect(host.taken).toMatchObject([
    {
      from: 'a@fabrikam.com',
      to: ['b@contoso.com', 'c@contoso.com', 'd@contoso.com'],
      text: 'Received: from client.fabrikam.com\r\nSubject: Hi\r\n\r\n.dot\r\n..two\r\nend\r\n',
    },
  ]);
});

test('the next host by name', async () => {
  const host = await realHost();
  const { delivery } = relayTo(host.host.replace('127.0.0.1', 'localhost'));
  expect(await deliver(delivery, one, 'x')).toMatchObject({ ok: true });
  const unknown = relayTo('no-such-host.invalid:25', { RelayTimeout: '00:00:05' });
  expect(await deliver(unknown.delivery, one, 'x')).toMatchObject({
    ok: false,
    reply: expect.stringMatching(/^451 4\.4\.[14] /),
  });
});

test('the null sender stays null', async () => {
  const host = await realHost();
  const { delivery } = relayTo(host.host);
  expect((await deliver(delivery, envelopeOf('', ['b@contoso.com']), 'x')).ok).toBe(true);
  expect(host.taken[0]!.from).toBe('');
});

test('a large message is spooled, leaves nothing behind and arrives whole', async () => {
  const host = await realHost();
  const { delivery, home } = relayTo(host.host);
  const chunk = `${'abcdefgh'.repeat(100)}\r\n`.repeat(200);
  expect((await deliver(delivery, one, ...Array.from({ length: 20 }, () => chunk))).ok).toBe(true);
  expect(host.taken[0]!.text.endsWith(chunk.repeat(20))).toBe(true);
  expect(await readdir(join(home.folder, 'spool'))).toEqual([]);
});

test('a spool that is full: 452 before the next host hears of it, and nothing left behind', async () => {
  const host = await realHost();
  const home = freshHome();
  const events = new Events();
  const full = async () => {
    throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
  };
  const files = {
    ...disk,
    create: async (path: string) => Object.assign(await disk.create(path), { write: full }),
  };
  const transport = { DeliveryMethod: 'Relay', SmartHost: host.host };
  const delivery = openDelivery(home, events, () => serverWith(transport), { files });
  onTestFinished(() => delivery.close());
  expect(await deliver(delivery, one, Buffer.alloc(200_000))).toEqual({
    ok: false,
    reply: '452 4.3.1 Insufficient system resources',
  });
  expect(host.connections).toBe(0);
  expect(await readdir(join(home.folder, 'spool'))).toEqual([]);
  expect(events.written[0]).toMatchObject({ id: 17101 });
});

test('spool files of a process that died are removed at start', async () => {
  const home = freshHome();
  const spool = join(home.folder, 'spool');
  mkdirSync(spool);
  writeFileSync(join(spool, '00000000-0000-4000-8000-000000000001.eml'), 'x');
  writeFileSync(join(spool, 'notes.txt'), 'x');
  const delivery = openDelivery(home, new Events(), () => serverWith());
  onTestFinished(() => delivery.close());
  await until(async () => (await readdir(spool)).length === 1);
  expect(await readdir(spool)).toEqual(['notes.txt']);
});

test('a second message goes over the connection of the first', async () => {
  const host = await realHost();
  const { delivery } = relayTo(host.host);
  for (let i = 0; i < 3; i++) expect((await deliver(delivery, one, `${i}`)).ok).toBe(true);
  expect(host.taken).toHaveLength(3);
  expect(host.connections).toBe(1);
});

test('never more connections than MaxRelayConnections, and all messages arrive once', async () => {
  const host = await realHost();
  const { delivery } = relayTo(host.host, { MaxRelayConnections: 3 });
  const results = await Promise.all(Array.from({ length: 40 }, (_, i) => deliver(delivery, one, `message ${i}`)));
  expect(results.every((result) => result.ok)).toBe(true);
  expect(host.mostOpen).toBeLessThanOrEqual(3);
  expect(new Set(host.taken.map((taken) => taken.text)).size).toBe(40);
  expect(host.taken).toHaveLength(40);
});

test('a host that takes fewer connections than MaxRelayConnections gets all messages over those, one after the other', async () => {
  const base = polite(ALL);
  const taken = new Set<number>();
  const host = await scriptedHost((command, _, connection) => {
    if (command === '' && taken.size === 2) return '421 4.7.0 too many connections';
    taken.add(connection);
    return base(command);
  });
  const { delivery, events } = relayTo(host.host, { MaxRelayConnections: 20 });
  expect((await deliver(delivery, one, 'first')).ok).toBe(true);
  const results = await Promise.all(Array.from({ length: 20 }, (_, i) => deliver(delivery, one, `message ${i}`)));
  expect(results.filter((result) => !result.ok)).toEqual([]);
  expect(events.written).toEqual([]);
  expect(host.connections).toBeLessThanOrEqual(21); // each tried once, then waited
});

test('a kept connection that the next host closed is replaced without the client noticing', async () => {
  const host = await scriptedHost(polite(ALL));
  const { delivery } = relayTo(host.host);
  expect((await deliver(delivery, one, '1')).ok).toBe(true);
  host.hangUp();
  expect((await deliver(delivery, one, '2')).ok).toBe(true);
  await until(() => host.open === 1);
  expect(host.connections).toBe(2);
  expect(host.bodies).toHaveLength(2);
});

test('a kept connection answered with 421 is replaced too', async () => {
  let messages = 0;
  const base = polite(ALL);
  const host = await scriptedHost((command, nth) => {
    if (nth === 1 && command.startsWith('MAIL') && messages++ > 0) return '421 4.4.2 idle too long';
    return base(command);
  });
  const { delivery } = relayTo(host.host);
  expect((await deliver(delivery, one, '1')).ok).toBe(true);
  expect(await deliver(delivery, one, '2')).toEqual({ ok: true, reply: '250 2.0.0 ok' });
  expect(host.connections).toBe(2);
});

test.each([{ extensions: ALL }, { extensions: [] }])(
  'a host that takes so many messages over one connection, and then no MAIL, is given the next over another',
  async ({ extensions }) => {
    const base = polite(extensions);
    const said = new Map<number, number>();
    const host = await scriptedHost((command, _, connection) => {
      if (!command.startsWith('MAIL')) return base(command);
      said.set(connection, (said.get(connection) ?? 0) + 1);
      return said.get(connection)! > 3 ? '452 4.5.3 Too many messages sent' : base(command);
    });
    const { delivery } = relayTo(host.host);
    for (let i = 0; i < 10; i++) {
      const { ask, close } = asker(delivery);
      expect(await ask(`user${i}`)).toBeUndefined();
      close();
      expect(await deliver(delivery, one, `${i}`)).toMatchObject({ ok: true });
    }
    expect(host.bodies).toHaveLength(10);
  },
);

test('an unused connection is closed after RelayIdleTimeout', async () => {
  const host = await scriptedHost(polite(ALL));
  const { delivery } = relayTo(host.host, { RelayIdleTimeout: '00:00:01' });
  await deliver(delivery, one, '1');
  await until(() => host.commands.includes('QUIT') && host.open === 0);
});

test.each([
  ['MAIL', '550 5.7.1 no mail from you', '550 5.7.1 no mail from you'],
  ['MAIL', '451 4.7.1 greylisted', '451 4.7.1 greylisted'],
  ['MAIL', '421 4.3.2 closing', '451 4.3.2 closing'],
  ['RCPT', '550 no such user', '550 5.0.0 no such user'],
  ['RCPT', '452 4.2.2 mailbox full', '452 4.2.2 mailbox full'],
  ['DATA', '554 5.5.1 no valid recipients', '554 5.5.1 no valid recipients'],
  ['.', '554 5.7.1 spam', '554 5.7.1 spam'],
  ['.', '552-5.3.4 too\r\n552 5.3.4 large', '552 5.3.4 too large'],
  ['.', '451 4.3.0 later', '451 4.3.0 later'],
  ['.', '550 \x1b[31mred\x07 \xff', '550 5.0.0 \\u{1b}[31mred\\u{7} \\u{ff}'],
  ['.', '354 what', '451 4.0.0 what'],
  ['.', `550 5.7.1 ${'x'.repeat(2000)}`, `550 5.7.1 ${'x'.repeat(399)}…`],
])('%s answered %j becomes %j', async (command, reply, expected) => {
  for (const extensions of [ALL, []]) {
    const host = await scriptedHost(polite(extensions, { [command]: reply }));
    const { delivery } = relayTo(host.host);
    const result = await deliver(delivery, one, 'x\r\n');
    expect(result).toEqual({ ok: false, reply: expected });
  }
});

test.each([
  [
    'one temporarily',
    { 'RCPT TO:<c': '451 4.2.0 later' },
    '451 4.2.0 Next host refused <c@contoso.com>, so nothing was sent to the other recipients: later',
  ],
  [
    'one permanently',
    { 'RCPT TO:<c': '550 5.1.1 unknown' },
    '550 5.1.1 Next host refused <c@contoso.com>, so nothing was sent to the other recipients: unknown',
  ],
  [
    'one each',
    { 'RCPT TO:<b': '451 4.2.0 later', 'RCPT TO:<c': '550 5.1.1 unknown' },
    '550 5.1.1 Next host refused <c@contoso.com>, so nothing was sent to the other recipients: unknown',
  ],
  ['all', { RCPT: '550 5.1.1 unknown' }, '550 5.1.1 Next host refused <b@contoso.com> and 2 more: unknown'],
])('recipients refused, %s: no data is sent, and the connection stays good', async (_, other, expected) => {
  for (const extensions of [ALL, []]) {
    const host = await scriptedHost(polite(extensions, other));
    const { delivery } = relayTo(host.host);
    expect(await deliver(delivery, three, 'x')).toEqual({ ok: false, reply: expected });
    expect(host.bodies).toEqual([]);
    expect(host.commands).not.toContain('DATA');
    expect(host.commands).toContain('RSET');
    expect((await deliver(delivery, envelopeOf('a@fabrikam.com', ['z@contoso.com']), 'x')).ok).toBe(!('RCPT' in other));
    expect(host.connections).toBe(1);
  }
});

test.each([
  ['in the middle of DATA', { DATA: 'hangup' }],
  ['after the final dot', { '.': 'hangup' }],
  ['at RCPT', { RCPT: 'hangup' }],
])('a next host that hangs up %s: 4xx, and an event', async (_, other) => {
  const host = await scriptedHost(polite(ALL, other));
  const { delivery, events } = relayTo(host.host);
  expect(await deliver(delivery, one, 'x')).toEqual({
    ok: false,
    reply: '451 4.4.2 Connection to the next host was lost',
  });
  expect(events.written.map((event) => event.id)).toEqual([17103]);
});

test('a next host that hangs up while a large message flows: 4xx', async () => {
  const base = polite(ALL);
  const host = await scriptedHost((command) => {
    if (command === 'DATA') setTimeout(() => host.hangUp(), 20);
    return base(command);
  });
  const { delivery } = relayTo(host.host);
  const body = Array.from({ length: 200 }, () => Buffer.alloc(65536, 'a'));
  expect((await deliver(delivery, one, ...body)).ok).toBe(false);
});

test.each([
  ['greets not', { '': undefined }],
  ['never answers MAIL', { MAIL: undefined }],
  ['never answers the dot', { '.': undefined }],
])('a next host that %s costs no more than RelayTimeout', async (name, other) => {
  const base = polite([], other);
  const host = await scriptedHost((command) => (command === '' && '' in other ? undefined : base(command)));
  const { delivery } = relayTo(host.host, { RelayTimeout: '00:00:01' });
  const result = await deliver(delivery, one, 'x');
  expect(result).toMatchObject({ ok: false });
  expect(result.reply, name).toMatch(/^451 4\.4\.1 /);
  await until(() => host.open === 0);
});

test('nobody at home: 4xx', async () => {
  const host = await scriptedHost(polite([]));
  const free = await new Promise<number>((resolve, reject) => {
    import('node:net').then(({ createServer }) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port } = server.address() as { port: number };
        server.close(() => resolve(port));
      });
      server.on('error', reject);
    });
  });
  const { delivery } = relayTo(`127.0.0.1:${free}`);
  expect(await deliver(delivery, one, 'x')).toEqual({ ok: false, reply: '451 4.4.1 No answer from the next host' });
  expect(host.connections).toBe(0);
});

test('no SmartHost: 4xx and an event that says so', async () => {
  const { delivery, events } = relayTo('');
  expect(await deliver(delivery, one, 'x')).toEqual({ ok: false, reply: '451 4.3.5 No next host is configured' });
  expect(events.written[0]).toMatchObject({ id: 17104 });
});

test('a host that is not SMTP, and one without EHLO', async () => {
  const http = await scriptedHost(() => 'HTTP/1.1 400 Bad Request');
  expect((await deliver(relayTo(http.host).delivery, one, 'x')).ok).toBe(false);
  const old = await scriptedHost(polite([], { EHLO: '500 what' }));
  expect((await deliver(relayTo(old.host).delivery, one, 'x\r\n')).ok).toBe(true);
  expect(old.commands).toContain('MAIL FROM:<a@fabrikam.com>');
});

test('parameters go along when the next host offers them', async () => {
  const host = await scriptedHost(polite(ALL));
  const { delivery } = relayTo(host.host);
  const envelope = envelopeOf('ü@fabrikam.com', [], {
    smtpUtf8: true,
    body: '8BITMIME',
    mailFrom: { address: 'ü@fabrikam.com', parameters: { RET: 'HDRS', ENVID: 'QQ314159', BODY: '8BITMIME' } },
    recipients: [
      { address: 'b@contoso.com', parameters: { NOTIFY: 'SUCCESS,DELAY', ORCPT: 'rfc822;b+2Bc@contoso.com' } },
      { address: 'c@contoso.com', parameters: { NOTIFY: 'NEVER' } },
      { address: 'd@contoso.com', parameters: { ORCPT: 'utf-8;köln\u{1f600}@contoso.com' } },
      { address: 'e@contoso.com', parameters: { ORCPT: 'UTF-8;k\\x{F6}ln@contoso.com' } },
      { address: 'f@contoso.com', parameters: { ORCPT: `utf-8;${'ö'.repeat(300)}@contoso.com` } },
    ],
  });
  expect((await deliver(delivery, envelope, Buffer.from('Subject: ü\r\n\r\n'))).ok).toBe(true);
  const mail = host.commands.find((command) => command.startsWith('MAIL'))!;
  expect(Buffer.from(mail, 'latin1').toString()).toMatch(
    /^MAIL FROM:<ü@fabrikam\.com> SIZE=\d+ SMTPUTF8 BODY=8BITMIME RET=HDRS ENVID=QQ314159$/,
  );
  expect(host.commands).toContain('RCPT TO:<b@contoso.com> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bc@contoso.com');
  expect(host.commands).toContain('RCPT TO:<c@contoso.com> NOTIFY=NEVER');
  // RFC 6533 section 3: in ASCII, so that a host without SMTPUTF8 reads it as well
  expect(host.commands).toContain('RCPT TO:<d@contoso.com> ORCPT=utf-8;k\\x{F6}ln\\x{1F600}@contoso.com');
  expect(host.commands).toContain('RCPT TO:<e@contoso.com> ORCPT=UTF-8;k\\x{F6}ln@contoso.com');
  expect(host.commands).toContain('RCPT TO:<f@contoso.com>');
});

test.each([
  ['an international address', { smtpUtf8: true, to: 'ü@contoso.com' }, 'x', /^550 5\.6\.7 /],
  ['an international header', { smtpUtf8: true }, 'Subject: ü\r\n\r\nx', /^550 5\.6\.7 /],
  ['SMTPUTF8 declared, not needed', { smtpUtf8: true }, 'Subject: u\r\n\r\nx', undefined],
  ['8-bit text declared', { body: '8BITMIME' as const }, 'Subject: u\r\n\r\nü', undefined],
  ['8-bit text not declared', {}, 'Subject: u\r\n\r\nü', undefined],
  ['8-bit text in the header', {}, 'Subject: ü\r\n\r\nu', /^554 5\.6\.3 .*a header with 8-bit text$/],
  [
    '8-bit text under a signature',
    {},
    'Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nü\r\n--b--\r\n',
    /^554 5\.6\.3 .*a part that is signed/,
  ],
  ['a line of 999 octets', {}, `Subject: u\r\n\r\n${'x'.repeat(999)}\r\n`, undefined],
  ['a header line of 999 octets', {}, `Subject: ${'x'.repeat(999)}\r\n\r\n`, /^554 5\.6\.3 .*998 octets$/],
  ['NUL', {}, 'Subject: u\r\n\r\na\0b', undefined],
  ['NUL in the header', {}, 'Subject: u\0\r\n\r\na', /^554 5\.6\.3 .*a header with NUL$/],
  ['8BITMIME declared, not needed', { body: '8BITMIME' as const }, 'Subject: u\r\n\r\nu', undefined],
  ['binary', { body: 'BINARYMIME' as const }, 'Content-Type: image/png\r\n\r\na\n\0b', undefined],
  ['BINARYMIME declared, not needed', { body: 'BINARYMIME' as const }, 'Subject: u\r\n\r\nu\r\n', undefined],
])(
  '%s, at a next host that offers nothing',
  async (_, {
    to = 'b@contoso.com',
    ...more
  }: { to?: string; smtpUtf8?: boolean; body?: '8BITMIME' | 'BINARYMIME' }, text, refusal) => {
    const host = await scriptedHost(polite([]));
    const { delivery } = relayTo(host.host);
    const result = await deliver(delivery, envelopeOf('a@fabrikam.com', [to], more), text);
    if (refusal) {
      expect(result).toMatchObject({ ok: false, reply: expect.stringMatching(refusal) });
      expect(host.commands.some((command) => command.startsWith('MAIL'))).toBe(false);
    } else {
      expect(result.ok).toBe(true);
      expect(host.commands).toContain('MAIL FROM:<a@fabrikam.com>');
      expect(host.bodies[0]).toMatch(/^(?:[\x01-\x7f]{0,998}\r\n)+$/);
    }
  },
);

test('binary content goes by BDAT, byte for byte', async () => {
  const host = await scriptedHost(polite(ALL));
  const { delivery } = relayTo(host.host);
  const bytes = Buffer.from([...'\r\n.\r\n\0\n.\n\r'].map((c) => c.charCodeAt(0)).concat([255, 254]));
  expect((await deliver(delivery, envelopeOf('a@x.com', ['b@x.com'], { body: 'BINARYMIME' }), bytes)).ok).toBe(true);
  expect(host.commands.find((command) => command.startsWith('MAIL'))).toContain('BODY=BINARYMIME');
  expect(host.bodies[0]!.endsWith(bytes.toString('latin1'))).toBe(true);
});

test('a message over the SIZE of the next host is refused before it is offered', async () => {
  const host = await scriptedHost(polite(['SIZE 1000']));
  const { delivery } = relayTo(host.host);
  expect(await deliver(delivery, one, 'x'.repeat(1001))).toMatchObject({
    ok: false,
    reply: expect.stringMatching(/^552 5\.3\.4 /),
  });
  expect(host.commands.some((command) => command.startsWith('MAIL'))).toBe(false);
});

test('bare line ends cannot end the message at the next host', async () => {
  const host = await scriptedHost(polite([]));
  const { delivery } = relayTo(host.host);
  await deliver(delivery, one, 'a\n.\nb\r.\rc\n.\r\nd\r\n.\ne');
  expect(host.bodies).toHaveLength(1);
  expect(host.bodies[0]).toMatch(/a\r\n\.\.\r\nb\r\n\.\.\r\nc\r\n\.\.\r\nd\r\n\.\.\r\ne\r\n$/);
});

/** One transaction's questions. */
function asker(delivery: Delivery, sender = 'a@fabrikam.com') {
  const check = delivery.checkRecipients!({ connector: one.connector, sender, smtpUtf8: false });
  onTestFinished(() => check?.close());
  return {
    ask: (recipient: string) => check?.ask(`${recipient}@contoso.com`)?.then((refusal) => refusal?.reply.line),
    close: () => check?.close(),
  };
}

test('recipients are asked about in one transaction, and each gets its own answer', async () => {
  for (const extensions of [ALL, []]) {
    const host = await scriptedHost(
      polite(extensions, { 'RCPT TO:<no@': '550 5.1.1 unknown', 'RCPT TO:<later@': '451 4.2.0 later' }),
    );
    const { delivery } = relayTo(host.host);
    const { ask, close } = asker(delivery);
    expect(await ask('b')).toBeUndefined();
    expect(await ask('no')).toBe('550 5.1.1 unknown');
    expect(await Promise.all([ask('later'), ask('c')])).toEqual(['451 4.2.0 later', undefined]);
    close();
    await until(() => host.commands.includes('RSET'));
    expect((await deliver(delivery, one, 'x')).ok).toBe(true);
    expect(host.connections).toBe(1);
    expect(host.commands.filter((command) => command === 'RSET')).toHaveLength(1);
    expect(host.commands.filter((command) => command.startsWith('MAIL'))).toHaveLength(2);
  }
});

test('150 recipients known at once are on the way together', async () => {
  let waiting = 0;
  let most = 0;
  const base = polite(ALL);
  const host = await scriptedHost((command) => {
    // Answers only when nothing more comes in this turn: whoever waits for each answer is seen.
    if (command.startsWith('RCPT')) {
      most = Math.max(most, ++waiting);
      setImmediate(() => waiting--);
    }
    return base(command);
  });
  const { ask } = asker(relayTo(host.host).delivery);
  const answers = await Promise.all(Array.from({ length: 150 }, (_, i) => ask(`user${i}`)));
  expect(answers.every((answer) => answer === undefined)).toBe(true);
  expect(host.connections).toBe(1);
  expect(most).toBeGreaterThanOrEqual(8);
});

/** A host that hangs up on a connection after so many refusals, as Postfix and others do. */
async function strictHost(limit: number, extensions: readonly string[] = ALL) {
  const base = polite(extensions);
  const refused = new Map<number, number>();
  const host = await scriptedHost((command, _, connection) => {
    if (!/^RCPT TO:<no/.test(command)) return base(command);
    const count = (refused.get(connection) ?? 0) + 1;
    refused.set(connection, count);
    return count > limit ? '421 4.7.0 too many errors' : '550 5.1.1 unknown';
  });
  return { host, refused };
}

test.each([
  [20, ALL],
  [20, []],
  [3, ALL],
  [1, ALL],
])(
  'many wrong recipients at a host that allows %i a connection: each gets its own answer, and the good ones their mail',
  async (limit, extensions) => {
    const { host, refused } = await strictHost(limit, extensions);
    const { delivery, events } = relayTo(host.host);
    const { ask, close } = asker(delivery);
    const names = Array.from({ length: 44 }, (_, i) => (i % 11 === 10 ? `good${i}` : `no${i}`));
    const answers = await Promise.all(names.map(ask));
    expect(answers).toEqual(names.map((name) => (name.startsWith('no') ? '550 5.1.1 unknown' : undefined)));
    expect(events.written).toEqual([]);
    if (limit === 20) expect(Math.max(...refused.values())).toBeLessThan(20);
    close();
    expect((await deliver(delivery, one, 'x')).ok).toBe(true);
  },
);

test('a recipient whose answer is 421 is asked about again; one that always ends the connection is refused alone', async () => {
  const base = polite(ALL);
  let first = true;
  const host = await scriptedHost((command) => {
    if (command.startsWith('RCPT TO:<poison@')) return '421 4.3.0 no';
    if (command.startsWith('RCPT TO:<c@') && first) {
      first = false;
      return '421 4.3.2 served enough';
    }
    return base(command);
  });
  const { delivery, events } = relayTo(host.host);
  const { ask } = asker(delivery);
  const answers = await Promise.all(['b', 'c', 'd', 'poison', 'e'].map(ask));
  expect(answers).toEqual([undefined, undefined, undefined, '451 4.3.0 no', undefined]);
  expect(events.written.map(({ id }) => id)).toEqual([17103]);
});

test('a host that answers nobody is not tried for ever, and nobody is taken unasked', async () => {
  const host = await scriptedHost(polite(ALL, { RCPT: '421 4.3.2 too busy' }));
  const { delivery, events } = relayTo(host.host);
  const { ask } = asker(delivery);
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => ask(`user${i}`)));
  expect(new Set(answers)).toEqual(new Set(['451 4.3.2 too busy']));
  expect(host.connections).toBe(2);
  expect(events.written).toMatchObject([{ id: 17103, message: expect.stringContaining('421 4.3.2 too busy') }]);
});

test.each([
  ['is busy', () => '421 4.7.0 too many connections', 1],
  ['closes at MAIL', polite(ALL, { MAIL: '421 4.3.2 shutting down' }), 1],
  ['closes at RCPT', polite(ALL, { RCPT: '421 4.3.2 shutting down' }), 2],
] as const)(
  'a host that %s is not tried again for each recipient that is named after the other',
  async (_, answer, tries) => {
    const host = await scriptedHost(answer);
    const { delivery } = relayTo(host.host);
    const { ask } = asker(delivery);
    const answers: unknown[] = [];
    for (let i = 0; i < 10; i++) answers.push(await ask(`user${i}`));
    expect(new Set(answers).size).toBe(1);
    expect(host.connections).toBe(tries);
  },
);

/** A host that takes so many recipients in one transaction. */
function hostWithRoom(most: number, refusal: string) {
  const base = polite(ALL, { 'RCPT TO:<no': '550 5.1.1 unknown' });
  const counts = new Map<number, number>();
  return scriptedHost((command, _, connection) => {
    if (/^(?:MAIL|RSET)/.test(command)) counts.set(connection, 0);
    const answer = base(command);
    if (!command.startsWith('RCPT') || !answer?.startsWith('250')) return answer;
    const count = (counts.get(connection) ?? 0) + 1;
    counts.set(connection, count);
    return count > most ? refusal : answer;
  });
}

test.each(['452 4.5.3 Too many recipients', '552 too many recipients', '552 5.5.3 Enough', '451 4.5.3 Enough'])(
  'a host that takes fewer recipients in one message (%s): the client is told for the others, and the message goes',
  async (refusal) => {
    const host = await hostWithRoom(10, refusal);
    const { delivery } = relayTo(host.host);
    const names = Array.from({ length: 40 }, (_, i) => `user${i}`);
    for (let left = names; left.length > 0; ) {
      const { ask, close } = asker(delivery);
      const answers = await Promise.all(left.map(ask));
      close();
      const taken = left.filter((_, i) => answers[i] === undefined);
      expect(taken).toHaveLength(10);
      for (const answer of answers) if (answer !== undefined) expect(answer).toMatch(/^45[12] 4\.5\.3 /);
      const to = taken.map((name) => `${name}@contoso.com`);
      expect(await deliver(delivery, envelopeOf('a@fabrikam.com', to), 'x')).toMatchObject({ ok: true });
      left = left.filter((name) => !taken.includes(name));
    }
  },
);

test.each([true, false])(
  'its limit that shows late, with the message, is known at the next try (asked: %s)',
  async (asked) => {
    const host = await hostWithRoom(10, '452 4.5.3 Too many recipients');
    const { delivery } = relayTo(host.host, { RelayRecipientCheck: asked });
    const names = Array.from({ length: 15 }, (_, i) => `user${i}`);
    // In messages of their own all are taken, and believed for a minute.
    for (const name of names) await asker(delivery).ask(name);
    const tell = async () => {
      const { ask, close } = asker(delivery);
      const answers = await Promise.all(names.map(ask));
      close();
      const to = names.filter((_, i) => answers[i] === undefined).map((name) => `${name}@contoso.com`);
      return { taken: to.length, ...(await deliver(delivery, envelopeOf('a@fabrikam.com', to), 'x')) };
    };
    expect(await tell()).toMatchObject({ taken: 15, ok: false, reply: expect.stringMatching(/^452 4\.5\.3 /) });
    expect(await tell()).toMatchObject({ taken: 10, ok: true });
  },
);

test('a recipient that was taken is not asked about again for a while; one that was refused is', async () => {
  const host = await scriptedHost(polite(ALL, { 'RCPT TO:<no@': '550 5.1.1 unknown' }));
  const { delivery } = relayTo(host.host);
  const rcpts = () => host.commands.filter((command) => command.startsWith('RCPT')).length;
  await asker(delivery).ask('b');
  expect(asker(delivery).ask('b')).toBeUndefined();
  expect(rcpts()).toBe(1);
  await asker(delivery, 'other@fabrikam.com').ask('b');
  for (let i = 0; i < 2; i++) await asker(delivery).ask('no');
  expect(rcpts()).toBe(4);
});

test('a sender that the next host refuses is told at RCPT', async () => {
  const host = await scriptedHost(polite(ALL, { MAIL: '550 5.7.1 no mail from you', RCPT: '503 5.5.1 MAIL first' }));
  const { ask } = asker(relayTo(host.host).delivery);
  expect(await Promise.all([ask('b'), ask('c')])).toEqual(Array(2).fill('550 5.7.1 no mail from you'));
  expect(host.commands.filter((command) => command.startsWith('RCPT'))).toEqual([]);
});

test('one client that asks keeps no other from its mail, even with one connection for all', async () => {
  const host = await scriptedHost(polite(ALL));
  const { delivery } = relayTo(host.host, { MaxRelayConnections: 1 });
  const slow = asker(delivery);
  await slow.ask('b'); // and names no other, and does not go
  expect(await asker(delivery, 'other@fabrikam.com').ask('c')).toBeUndefined();
  expect((await deliver(delivery, three, 'x')).ok).toBe(true);
  expect(await slow.ask('d')).toBeUndefined();
  expect(host.connections).toBe(1);
});

test('nothing is asked when it is turned off, not configured, or the mail stays here', async () => {
  const host = await scriptedHost(polite(ALL, { RCPT: '550 no' }));
  expect(asker(relayTo(host.host, { RelayRecipientCheck: false }).delivery).ask('b')).toBeUndefined();
  expect(asker(relayTo(host.host, { DeliveryMethod: 'Maildir' }).delivery).ask('b')).toBeUndefined();
  expect(asker(relayTo('').delivery).ask('b')).toBeUndefined();
  expect(host.connections).toBe(0);
});

test.each([
  ['hangs up', () => 'hangup', '451 4.4.1 No answer from the next host'],
  [
    'is busy',
    () => '421 4.7.0 next.fabrikam.com too many connections',
    '451 4.7.0 Next host does not take the connection: 421 4.7.0 next.fabrikam.com too many connections',
  ],
  [
    'wants no mail from us',
    () => '554 5.7.1 You are on a list',
    '451 4.3.2 Next host does not take the connection: 554 5.7.1 You are on a list',
  ],
  [
    'does not like our name',
    polite(ALL, { EHLO: '550 5.7.1 who?', HELO: '504 5.5.2 need a real name' }),
    '451 4.3.2 Next host does not take our name mail.contoso.com: 504 5.5.2 need a real name',
  ],
  ['speaks another protocol', () => 'HTTP/1.1 400 Bad Request', '451 4.4.1 No answer from the next host'],
  ['never answers RCPT', polite(ALL, { RCPT: undefined }), '451 4.4.1 Next host did not answer in time'],
] as const)(
  'a host that %s: its words, for each recipient and for a message, and in the event',
  async (what, answer, expected) => {
    const host = await scriptedHost(answer);
    const { delivery, events } = relayTo(host.host, { RelayTimeout: '00:00:01' });
    const { ask } = asker(delivery);
    expect(await Promise.all([ask('b'), ask('c')])).toEqual([expected, expected]);
    expect(events.written.map(({ id }) => id)).toEqual([17103]);
    const said = /: (\d\d\d .*)/.exec(expected)?.[1];
    if (said) expect(events.written[0]!.message).toContain(said);
    const result = await deliver(delivery, one, 'x');
    expect(result).toEqual({ ok: false, reply: expected });
    if (what === 'does not like our name') expect(host.commands.filter((c) => /^(EHLO|HELO)/.test(c)).length).toBe(4);
  },
);

test('EHLO is said once for each state of TLS, and a second one is not missed', async () => {
  const host = await scriptedHost(polite(['8BITMIME']));
  expect((await deliver(relayTo(host.host).delivery, one, 'x')).ok).toBe(true);
  expect(host.commands.filter((command) => /^(EHLO|HELO)/.test(command))).toHaveLength(1);
  const secure = await realHost(withTls);
  expect((await deliver(relayTo(secure.host).delivery, one, 'x')).ok).toBe(true);
  expect(secure.taken[0]!.secure).toBe(true);
});

test('EHLO out of place (503) does not lead to HELO', async () => {
  const host = await scriptedHost(polite(ALL, { EHLO: '503 5.5.1 not now' }));
  expect(await deliver(relayTo(host.host).delivery, one, 'x')).toMatchObject({
    reply: expect.stringContaining('503 5.5.1 not now'),
  });
  expect(host.commands.some((command) => command.startsWith('HELO'))).toBe(false);
});

test.each([
  ['Opportunistic', { SmartHostTls: 'Opportunistic' }, withTls, true],
  ['Opportunistic, not offered', { SmartHostTls: 'Opportunistic' }, {}, false],
  ['Required', { SmartHostTls: 'Required' }, withTls, true],
  ['None, though offered', { SmartHostTls: 'None' }, withTls, false],
  ['Required, not offered', { SmartHostTls: 'Required' }, {}, undefined],
  ['Required and verified, self-signed', { SmartHostTls: 'Required', SmartHostTlsVerify: true }, withTls, undefined],
])('TLS %s', async (_, settings, options, secure) => {
  const host = await realHost(options);
  const { delivery } = relayTo(host.host, settings);
  const result = await deliver(delivery, one, 'x');
  if (secure === undefined) {
    expect(result).toEqual({ ok: false, reply: '451 4.7.5 No secure connection to the next host' });
    expect(host.taken).toEqual([]);
  } else {
    expect(result.ok).toBe(true);
    expect(host.taken[0]!.secure).toBe(secure);
  }
});

test('verified against a CA of one’s own', async () => {
  const { key, cert } = untrusted('localhost');
  const host = await realHost({ key, cert, disabledCommands: [] });
  const file = join(freshHome().folder, 'ca.pem');
  writeFileSync(file, cert);
  const settings = { SmartHostTls: 'Required', SmartHostTlsVerify: true, SmartHostTlsCaFile: file };
  const byName = host.host.replace('127.0.0.1', 'localhost');
  expect((await deliver(relayTo(byName, settings).delivery, one, 'x')).ok).toBe(true);
  expect(host.taken[0]!.secure).toBe(true);
  const unlike = await deliver(relayTo(host.host, settings).delivery, one, 'x');
  expect(unlike.reply).toBe('451 4.7.5 No secure connection to the next host');
});

test.each([
  ['not there', undefined],
  ['empty', ''],
  ['no PEM', 'x'],
  ['a broken certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
])('a file of authorities that is %s: nothing is handed on, and the event names it', async (_, text) => {
  const host = await realHost(withTls);
  const file = join(freshHome().folder, 'ca.pem');
  if (text !== undefined) writeFileSync(file, text);
  const settings = { SmartHostTls: 'Required', SmartHostTlsVerify: true, SmartHostTlsCaFile: file };
  const { delivery, events } = relayTo(host.host, settings);
  expect((await deliver(delivery, one, 'x')).reply).toBe('451 4.3.5 Next host is not configured correctly');
  expect(events.written[0]!.message).toContain(`SmartHostTlsCaFile ${file}`);
});

test('the name given to the next host: SmartHostFqdn, else the connector’s, else the server’s', async () => {
  const host = await scriptedHost(polite(ALL));
  const envelope = (Fqdn: string) =>
    envelopeOf('a@fabrikam.com', ['b@contoso.com'], { connector: { ...one.connector, Fqdn } });
  const { delivery } = relayTo(host.host);
  for (const name of ['relay.contoso.com', '', 'relay.contoso.com']) await deliver(delivery, envelope(name), 'x');
  await deliver(relayTo(host.host, { SmartHostFqdn: 'out.contoso.com' }).delivery, envelope('relay.contoso.com'), 'x');
  expect(host.commands.filter((command) => command.startsWith('EHLO'))).toEqual([
    'EHLO relay.contoso.com',
    'EHLO mail.contoso.com',
    'EHLO out.contoso.com', // and the third message went over the first one's connection
  ]);
});

test('opportunistic TLS whose handshake fails goes on without', async () => {
  const base = polite(['STARTTLS']);
  const host = await scriptedHost((command) => {
    if (command !== 'STARTTLS') return base(command);
    setImmediate(() => host.hangUp());
    return '220 go';
  });
  const { delivery, events } = relayTo(host.host);
  expect(await deliver(delivery, one, 'x'), JSON.stringify(events.written)).toMatchObject({ ok: true });
  expect(host.connections).toBe(2);
});

function passwordFile(folder: string, text: string, mode = 0o600): string {
  const path = join(folder, 'password');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const asks = {
  ...withTls,
  authOptional: false,
  authMethods: ['PLAIN', 'LOGIN'],
  onAuth: ((auth, _session, callback) => {
    if (auth.username === 'relay' && auth.password === 'secret') callback(null, { user: 'relay' });
    else callback(new Error('wrong'));
  }) as import('smtp-server').SMTPServerOptions['onAuth'],
};

test('authenticates with the password of the file, inside TLS', async () => {
  const host = await realHost(asks);
  const file = passwordFile(freshHome().folder, 'secret\n');
  const { delivery } = relayTo(host.host, { SmartHostAuthUser: 'relay', SmartHostPasswordFile: file });
  expect((await deliver(delivery, one, 'x')).ok).toBe(true);
  expect(host.taken[0]).toMatchObject({ secure: true, user: 'relay' });
});

test('a wrong password: 4xx, and neither event nor reply shows it', async () => {
  const host = await realHost(asks);
  const file = passwordFile(freshHome().folder, 'hunter2\n');
  const { delivery, events } = relayTo(host.host, { SmartHostAuthUser: 'relay', SmartHostPasswordFile: file });
  expect(await deliver(delivery, one, 'x')).toEqual({
    ok: false,
    reply: '451 4.7.8 Next host did not take our authentication',
  });
  expect(JSON.stringify(events.written)).not.toContain('hunter2');
});

test('the password is not sent without TLS unless SmartHostTls is None', async () => {
  const host = await scriptedHost(polite(['AUTH PLAIN LOGIN'], { AUTH: '235 2.7.0 in' }));
  const file = passwordFile(freshHome().folder, 'secret');
  const settings = { SmartHostAuthUser: 'relay', SmartHostPasswordFile: file };
  expect((await deliver(relayTo(host.host, settings).delivery, one, 'x')).ok).toBe(false);
  expect(host.commands.some((command) => command.startsWith('AUTH'))).toBe(false);
  expect((await deliver(relayTo(host.host, { ...settings, SmartHostTls: 'None' }).delivery, one, 'x')).ok).toBe(true);
  expect(host.commands.some((command) => command.startsWith('AUTH PLAIN'))).toBe(true);
});

test.each([
  ['can be read by others', 'secret', 0o644],
  ['is empty', '', 0o600],
  ['has two lines', 'a\nb', 0o600],
])('a password file that %s is not used', async (_, text, mode) => {
  const host = await realHost(asks);
  const file = passwordFile(freshHome().folder, text, mode);
  const { delivery, events } = relayTo(host.host, { SmartHostAuthUser: 'relay', SmartHostPasswordFile: file });
  expect(await deliver(delivery, one, 'x')).toEqual({
    ok: false,
    reply: '451 4.3.5 Next host is not configured correctly',
  });
  expect(events.written[0]!.message).toContain(file);
});

test('a changed SmartHost acts on the next message', async () => {
  const first = await realHost();
  const second = await realHost();
  const home = freshHome();
  let transport: Record<string, unknown> = { DeliveryMethod: 'Relay', SmartHost: first.host };
  const delivery = openDelivery(home, new Events(), () => serverWith(transport));
  onTestFinished(() => delivery.close());
  await deliver(delivery, one, 'x');
  transport = { ...transport, SmartHost: second.host };
  await deliver(delivery, one, 'x');
  expect([first.taken.length, second.taken.length]).toEqual([1, 1]);
  await until(() => first.open === 0);
});

test('a next host that says nothing is waited for once, not once for each recipient', async () => {
  let asked = 0;
  const silent = await scriptedHost((command) => {
    if (command.startsWith('RCPT')) asked++;
    return command.startsWith('RCPT') && asked === 1 ? undefined : polite([])(command);
  });
  const { delivery } = relayTo(silent.host, { RelayTimeout: '00:00:01' });
  const late = '451 4.4.1 Next host did not answer in time';
  const { ask } = asker(delivery);
  expect(await ask('first')).toBe(late);
  for (let i = 0; i < 100; i++) expect(await ask(`${i}`)).toBe(late);
  expect(asked).toBe(1);
  expect((await deliver(delivery, one, 'x')).ok).toBe(true);
  expect(await ask('later')).toBeUndefined(); // it answered meanwhile
});
