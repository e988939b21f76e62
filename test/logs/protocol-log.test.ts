import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SessionConnector } from '../../src/listener/contracts/session-connector.ts';
import { credentialMask, openProtocolLog } from '../../src/listener/records/protocol-log.ts';
import { csvLine, parseCsvLine, parseLogFileName } from '../../src/records/log-csv.ts';
import { printable } from '../../src/text/printable.ts';
import { connectorWith, freshHome, serverWith } from '../delivery/scene.ts';
import { Clock, MemoryDisk } from './memory-disk.ts';

const peer = { remoteAddress: '2001:db8::7', remotePort: 40000, localAddress: '192.0.2.1', localPort: 25 };

function live(settings: Parameters<typeof connectorWith>[0] = {}): SessionConnector {
  return { guid: 'g', now: connectorWith(settings), count() {}, countRefusal() {} };
}

function verbose(): SessionConnector {
  return live({ ProtocolLoggingLevel: 'Verbose' });
}

function logInMemory() {
  const disk = new MemoryDisk();
  const clock = new Clock(new Date('2026-11-24T05:00:00.123Z'));
  const log = openProtocolLog(freshHome(), () => serverWith(), undefined, { files: disk, clock: clock.read });
  return { disk, clock, log };
}

test('a session as Exchange writes it', async () => {
  const { disk, log } = logInMemory();
  const session = log.session('08DD0C1A2B3C4D5E', verbose(), peer);
  session.write('+', '');
  session.write('>', '220 mail.contoso.com Microsoft ESMTP MAIL Service ready');
  session.write('<', 'EHLO client.fabrikam.com');
  session.write('>', '250-mail.contoso.com Hello [2001:db8::7]\r\n250-SIZE 37748736\r\n250 CHUNKING\r\n');
  session.write('*', '', 'Set Session Permissions');
  session.write('-', '', 'Remote');
  await log.close();
  const start = '2026-11-24T05:00:00.123Z,MAIL\\Default MAIL,08DD0C1A2B3C4D5E,';
  const ends = ',192.0.2.1:25,[2001:db8::7]:40000,';
  expect(disk.lines()).toEqual([
    `${start}0${ends}+,,`,
    `${start}1${ends}>,220 mail.contoso.com Microsoft ESMTP MAIL Service ready,`,
    `${start}2${ends}<,EHLO client.fabrikam.com,`,
    `${start}3${ends}>,250-mail.contoso.com Hello [2001:db8::7] 250-SIZE 37748736 250 CHUNKING,`,
    `${start}4${ends}*,,Set Session Permissions`,
    `${start}5${ends}-,,Remote`,
  ]);
  expect([...disk.files.values()][0]).toContain(
    '#Log-type: SMTP Receive Protocol Log\r\n#Date: 2026-11-24T05:00:00.123Z\r\n#Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context\r\n',
  );
});

test('on the disk: private files in the home’s folder', async () => {
  const home = freshHome();
  const log = openProtocolLog(home, () => serverWith());
  log.session('1', verbose(), peer).write('+', '');
  await log.close();
  const [name] = await readdir(home.protocol);
  expect(parseLogFileName('RECV', name!)).toBeDefined();
  expect(await readFile(join(home.protocol, name!), 'utf8')).toMatch(/,\+,,\r\n$/);
});

test('nothing is written while the level is None, and it counts from the line on that turns it on', async () => {
  const { disk, log } = logInMemory();
  const connector = live();
  const session = log.session('1', connector, peer);
  session.write('+', '');
  connector.now = connectorWith({ ProtocolLoggingLevel: 'Verbose' });
  session.write('<', 'NOOP');
  connector.now = connectorWith();
  session.write('<', 'QUIT');
  await log.close();
  expect(disk.lines().map((line) => parseCsvLine(line)!.slice(3, 8))).toEqual([
    ['0', '192.0.2.1:25', '[2001:db8::7]:40000', '<', 'NOOP'],
  ]);
});

test.each([
  ['an initial response', ['<AUTH PLAIN AGFsaWNlAHNlY3JldA==', '>235 2.7.0 ok', '<NOOP']],
  [
    'answers to challenges',
    ['<AUTH LOGIN', '>334 VXNlcm5hbWU6', '<YWxpY2U=', '>334 UGFzc3dvcmQ6', '<c2VjcmV0', '>535 no', '<NOOP'],
  ],
  [
    'answers sent too early',
    ['<AUTH LOGIN', '<YWxpY2U=', '<c2VjcmV0', '>334 VXNlcm5hbWU6', '>334 UGFzc3dvcmQ6', '>235 ok', '<NOOP'],
  ],
  ['answers behind a refusal', ['<AUTH LOGIN', '>504 no', '<YWxpY2U=', '>500 no', '<c2VjcmV0', '>500 no', '<NOOP']],
  ['answers behind a logon', ['<AUTH PLAIN AGFsaWNlAHNlY3JldA==', '>235 ok', '<YWxpY2U=', '<c2VjcmV0', '<NOOP']],
  ['odd spelling', ['<  auth\tplain   AGFsaWNlAHNlY3JldA==', '>504 no', '<NOOP']],
  ['the mechanism forgotten', ['<AUTH AGFsaWNlAHNlY3JldA==', '>504 no', '<NOOP']],
  ['no space', ['<AUTH=PLAIN AGFsaWNlAHNlY3JldA==', '>500 no', '<NOOP']],
])('credentials are not logged: %s', async (_, lines) => {
  const { disk, log } = logInMemory();
  const session = log.session('1', verbose(), peer);
  for (const line of lines) session.write(line[0] as '<', line.slice(1));
  await log.close();
  const text = disk.lines().join('\n');
  for (const secret of ['AGFsaWNlAHNlY3JldA', 'YWxpY2U', 'c2VjcmV0']) expect(text).not.toContain(secret);
  expect(text).toContain('<,NOOP,');
});

test('what is no command is shown again after the next command', () => {
  const mask = credentialMask();
  for (const [event, data] of [
    ['<', 'AUTH LOGIN'],
    ['>', '504 no'],
    ['<', 'MAIL FROM:<a@contoso.com>'],
  ] as const)
    mask(event, data);
  expect(mask('<', 'FOO')).toBe('FOO');
});

test('whatever a client sends after AUTH until the reply is hidden', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 4 })), (answers) => {
      const mask = credentialMask();
      mask('<', 'AUTH LOGIN');
      for (const answer of answers) {
        mask('>', '334 VXNlcm5hbWU6');
        expect(mask('<', answer)).toBe('<authentication data>');
      }
    }),
  );
});

test('what is on the wire cannot make lines, fields or terminal escapes', async () => {
  const { disk, log } = logInMemory();
  const session = log.session('1', verbose(), peer);
  session.write('<', 'NOOP "a",b\r\n2026,fake\u001b[31m\u202e\u0000');
  session.write('<', 'x'.repeat(100_000));
  await log.close();
  const [first, second] = disk.lines();
  expect(disk.lines()).toHaveLength(2);
  expect(parseCsvLine(first!)![7]).toBe('NOOP "a",b\\u{d}\\u{a}2026,fake\\u{1b}[31m\\u{202e}\\u{0}');
  expect(second!.length).toBeLessThan(9000);
});

test('a CSV line reads back as what was written, in one line, whatever the text', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (values) => {
      const line = csvLine(values);
      expect(line.endsWith('\r\n')).toBe(true);
      expect(line.slice(0, -2)).not.toMatch(/[\r\n\u0000-\u001f]/);
      const back = parseCsvLine(line.slice(0, -2))!;
      expect(back).toHaveLength(values.length);
      values.forEach((value, i) => {
        expect(back[i]).toBe(printable(value));
      });
    }),
  );
});

test('parsing any text as CSV ends', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseCsvLine(text)));
});
