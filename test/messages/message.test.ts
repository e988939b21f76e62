/** Messages as they are read from a Maildir: decoded, whatever stands in them, and found wherever readers moved them. */
import { linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { listMessages, readMessage, removeMessage } from '../../src/messages/maildir-reader.ts';
import { parseMessage } from '../../src/messages/message.ts';
import type { Message } from '../../src/messages/message-types.ts';
import { safeName } from '../../src/messages/safe-name.ts';
import { tempFolder } from '../support/temp-home.ts';

let folder: string;
beforeEach(() => {
  folder = tempFolder('messages');
  for (const name of ['tmp', 'new', 'cur']) mkdirSync(join(folder, name));
});

const put = (name: string, text: string | Buffer, place = 'new') => writeFileSync(join(folder, place, name), text);

async function read(text: string | Buffer): Promise<Message> {
  const bytes = Buffer.from(text);
  const raw = { bytes, size: bytes.length, storedAt: new Date(0) };
  return parseMessage({ id: '1700000000.M5000P1Q0Rabcdef01.host', file: 'new/x' }, raw);
}

const MIXED = [
  'Return-Path: <alice@fabrikam.test>',
  'Delivered-To: bob@contoso.test',
  'Delivered-To: carol@contoso.test',
  'Received: from x by y; Mon, 24 Nov 2025 05:48:00 +0100',
  'From: =?utf-8?q?J=C3=BCrgen?= <alice@fabrikam.test>',
  'To: Team: bob@contoso.test, Carol <carol@contoso.test>;',
  'Subject: =?utf-8?b?UmVjaG51bmcg4oKs?=',
  'Message-ID: <1@fabrikam.test>',
  'Date: Mon, 24 Nov 2025 05:48:00 +0100',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: multipart/alternative; boundary=c',
  '',
  '--c',
  'Content-Type: text/plain; charset=windows-1252',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  '=80 5',
  'second line',
  '--c',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<b>€ 5</b>',
  '--c--',
  '--b',
  'Content-Type: application/pdf; name="=?utf-8?q?b=C3=A4r.pdf?="',
  'Content-Disposition: attachment',
  'Content-Transfer-Encoding: base64',
  '',
  'AAEC',
  '--b--',
  '',
];

describe('what is in a message', () => {
  test.each(['\r\n', '\n'])('decoded, with line ends %j', async (end) => {
    const message = await read(MIXED.join(end));
    expect(message).toMatchObject({
      id: '1700000000.M5000P1Q0Rabcdef01.host',
      receivedAt: new Date(1_700_000_000_005),
      envelope: { from: 'alice@fabrikam.test', to: ['bob@contoso.test', 'carol@contoso.test'] },
      from: { name: 'Jürgen', address: 'alice@fabrikam.test' },
      to: [
        { name: '', address: 'bob@contoso.test' },
        { name: 'Carol', address: 'carol@contoso.test' },
      ],
      subject: 'Rechnung €',
      messageId: '<1@fabrikam.test>',
      date: new Date('2025-11-24T04:48:00Z'),
      problem: '',
    });
    expect(message.text.trim()).toBe('€ 5\nsecond line');
    expect(message.html.trim()).toBe('<b>€ 5</b>');
    expect(message.attachments).toEqual([
      {
        filename: 'bär.pdf',
        contentType: 'application/pdf',
        contentId: '',
        inline: false,
        content: Buffer.from([0, 1, 2]),
      },
    ]);
    expect(message.headers.map(({ name }) => name).slice(0, 3)).toEqual([
      'Return-Path',
      'Delivered-To',
      'Delivered-To',
    ]);
  });

  test('a bounce has an empty sender, and a Delivered-To that the sender wrote is no recipient', async () => {
    const { envelope } = await read(
      'Return-Path: <>\nDelivered-To: a@b.test\nReceived: x\nDelivered-To: forged@b.test\n\nx',
    );
    expect(envelope).toEqual({ from: '', to: ['a@b.test'] });
  });

  test('no header, no body, nothing at all: empty, not an error', async () => {
    for (const text of ['', '\n', 'all well', '\r\n\r\n', ': x\n\n']) {
      const message = await read(text);
      expect([message.subject, message.attachments, message.from]).toEqual(['', [], undefined]);
    }
  });

  test('parts within parts beyond measure: the header is shown, and what is wrong', async () => {
    const deep = Array.from({ length: 200 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`);
    const message = await read(`Subject: deep\n${deep.join('')}`);
    expect(message.subject).toBe('deep');
    expect(message.problem).toMatch(/MIME structure cannot be read/);
  });

  test('anything at all is read without an error', async () => {
    const line = fc.oneof(fc.constantFrom(...MIXED), fc.string(), fc.constant('--b'), fc.constant('--c--'));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 40 }), async (lines) => {
        const message = await read(Buffer.from(lines.join('\r\n'), 'latin1'));
        expect(typeof message.text).toBe('string');
      }),
    );
  });
});

describe('what is in a Maildir', () => {
  test('oldest first, by the time of the name and the counter', async () => {
    put('1700000001.M0P9Q11Rabcdef01.h', 'c');
    put('1700000001.M0P9Q2Rabcdef01.h:2,S', 'b', 'cur');
    put('1700000000.M999999P9Q1Rabcdef01.h', 'a');
    put('1600000000.other.program', 'old');
    const found = await listMessages(folder);
    expect(found.map(({ id }) => id)).toEqual([
      '1600000000.other.program',
      '1700000000.M999999P9Q1Rabcdef01.h',
      '1700000001.M0P9Q2Rabcdef01.h',
      '1700000001.M0P9Q11Rabcdef01.h',
    ]);
  });

  test('links, folders and hidden files are no messages; a Maildir that is not there is empty', async () => {
    put('.note', 'x');
    mkdirSync(join(folder, 'new', 'folder'));
    writeFileSync(join(folder, 'secret'), 'secret');
    symlinkSync(join(folder, 'secret'), join(folder, 'new', '1.link'));
    expect(await listMessages(folder)).toEqual([]);
    expect(await listMessages(join(folder, 'nothing'))).toEqual([]);
  });

  test('one that became a link between looking and reading is not followed', async () => {
    put('1.a', 'x');
    const [entry] = await listMessages(folder);
    writeFileSync(join(folder, 'secret'), 'secret');
    renameSync(join(folder, 'new', '1.a'), join(folder, '1.a'));
    symlinkSync(join(folder, 'secret'), join(folder, 'new', '1.a'));
    await expect(readMessage(folder, entry!)).rejects.toThrow(/ELOOP/);
  });

  test('one that a reader moved is read and removed where it is now; one that is gone is nothing', async () => {
    put('1.a', 'Subject: moved\n\nx');
    const [entry] = await listMessages(folder);
    renameSync(join(folder, 'new', '1.a'), join(folder, 'cur', '1.a:2,RS'));
    expect((await readMessage(folder, entry!))?.bytes.toString()).toBe('Subject: moved\n\nx');
    expect(await removeMessage(folder, entry!)).toBe(true);
    expect(await removeMessage(folder, entry!)).toBe(false);
    expect(await readMessage(folder, entry!)).toBeUndefined();
  });

  test('a message with two names is one of them each', async () => {
    put('1.a', 'x');
    linkSync(join(folder, 'new', '1.a'), join(folder, 'new', '2.b'));
    expect((await listMessages(folder)).map(({ id }) => id)).toEqual(['1.a', '2.b']);
  });
});

describe('large messages that would take the parser for ever', () => {
  const mime = 'Subject: big\nMIME-Version: 1.0\n';
  const parts = (n: number) => `${mime}Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(n)}--b--\n`;

  test('one that is whole is read all the same, attachments too', async () => {
    const content = Buffer.alloc(600_000, 'rc ');
    const message = await read(
      `${parts(1).slice(0, -6)}--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n${content.toString('base64')}\n--b--\n`,
    );
    expect(message).toMatchObject({ subject: 'big', text: 'x\n', problem: '' });
    expect(message.attachments.map(({ filename, content: read }) => [filename, read.equals(content)])).toEqual([
      ['a.pdf', true],
    ]);
  });

  test.each([
    ['lines', `${mime}\n${'\n'.repeat(8_000_000)}`],
    ['lines behind base64', `${mime}Content-Transfer-Encoding: base64\n\n${'=A'.repeat(8_000_000)}`],
  ])(
    '%s end in a problem that is told, the header is read, and this process lives',
    { timeout: 120_000 },
    async (_what, text) => {
      const before = process.memoryUsage().heapUsed;
      const message = await read(text);
      expect(message.subject).toBe('big');
      expect(message.problem).toMatch(/^Its MIME structure cannot be read: it takes more than \d+ (?:MB|s)$/);
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(300 * 2 ** 20);
    },
  );
});

test.each([
  ['../../etc/passwd', 'passwd'],
  ['..\\..\\boot.ini', 'boot.ini'],
  ['.bashrc', 'bashrc'],
  ['..', ''],
  ['a/', ''],
  ['a\u001b[2Jb', 'a_[2Jb'],
  ['evil\u202egpj.exe', 'evil_gpj.exe'],
  ['é'.repeat(140), 'é'.repeat(100)],
  ['😀'.repeat(90), '😀'.repeat(50)],
  ['x. . ', 'x'],
  ['CON', '_CON'],
  ['nul.txt', '_nul.txt'],
  ['console.txt', 'console.txt'],
])('the name of an attachment %j is the file %j', (name, file) => {
  expect(safeName(name)).toBe(file);
});
