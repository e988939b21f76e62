/** Messages read for the page, by the thread that it has for that: what is told is bounded, and what takes too long is given up. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { MessageReading } from '../../src/messages/reading.ts';
import { maildirWith } from './stored.ts';

const SCRIPT = resolve(import.meta.dirname, '../../dist/messages.cjs');

let reading: MessageReading | undefined;
afterEach(() => reading?.close());

function open(messages: readonly string[], times?: { listMs?: number; contentMs?: number }) {
  const { folder, ids } = maildirWith(messages);
  reading = new MessageReading(SCRIPT, folder, times);
  return { reading, folder, ids };
}

const simple = (subject: string, more = '') =>
  `Return-Path: <a@contoso.com>\nDelivered-To: bob@contoso.com\nFrom: Anna <anna@contoso.com>\nSubject: ${subject}\n${more}\nHello ${subject}\n`;

test('newest first, by pages, and any text finds it: sender, recipient, subject, text', async () => {
  const { reading, ids } = open(Array.from({ length: 5 }, (_, i) => simple(`number ${i}`)));
  const first = await reading.list(undefined, 3, undefined);
  expect(first).toMatchObject({
    total: 5,
    messages: [{ subject: 'number 4' }, { subject: 'number 3' }, { subject: 'number 2' }],
  });
  expect((await reading.list(undefined, 3, first.next)).messages.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
  for (const [text, most] of [
    ['ANNA@', 5],
    ['bob@contoso.com', 5],
    ['number 3', 1],
    ['hello number 2', 1],
    ['nothing', 0],
  ] as const)
    expect([text, (await reading.list(text, 10, undefined)).messages.length]).toEqual([text, most]);
});

test('what is looked at: text, header, source, files with names that can do no harm', async () => {
  const { reading, ids } = open([
    'Return-Path: <>\nDelivered-To: b@contoso.com\nSubject: files\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n' +
      '--x\nContent-Type: text/html\n\n<p>hi<link rel=preconnect href=//x.org><img src="cid:p%40x"><META http-equiv=refresh></p>\n' +
      '--x\nContent-Type: text/html\nContent-Disposition: attachment; filename="../../.evil.html"\n\n<script>\n' +
      '--x\nContent-Type: image/png\nContent-ID: <p@x>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--x--\n',
  ]);
  const told = (await reading.show(ids[0]!))!;
  expect(told).toMatchObject({ subject: 'files', hasHtml: true, from: '', attachments: 2, cut: [] });
  expect(told.files.map(({ name }) => name)).toEqual(['evil.html', 'attachment-2']);
  expect(told.source).toContain('Content-ID: <p@x>');
  const html = (await reading.html(ids[0]!))!;
  expect(html).toContain('<x-link rel=preconnect');
  expect(html).toContain('<x-META http-equiv');
  expect(html).toContain('src="data:image/png;base64,iVBORw0KGgo="');
  expect(Buffer.from((await reading.part(ids[0]!, '0'))!.bytes).toString()).toContain('<script>');
  expect((await reading.part(ids[0]!, 'raw'))!.name).toBe('message.eml');
  for (const part of ['2', '-1', 'x', '', '__proto__']) expect(await reading.part(ids[0]!, part)).toBeUndefined();
  expect(await reading.show('1.nobody')).toBeUndefined();
});

test('a message of 50 MB is listed by its header, told by its beginning, and saved whole', {
  timeout: 120_000,
}, async () => {
  const large = simple('large', `\n${'a line of text that is nothing special\n'.repeat(1_300_000)}`);
  const { reading, ids } = open([large], { listMs: 100_000, contentMs: 100_000 }); // whatever else the machine does meanwhile
  const { messages } = await reading.list('large', 5, undefined);
  expect(messages).toMatchObject([{ subject: 'large', attachments: undefined }]);
  expect((await reading.list('nothing special', 5, undefined)).messages).toEqual([]);
  const told = (await reading.show(ids[0]!))!;
  expect(told.text.length).toBeLessThan(300_000);
  expect(told.cut).toContain('source');
  expect((await reading.part(ids[0]!, 'raw'))!.bytes.length).toBe(messages[0]!.size);
});

test('what cannot be MIME is shown as far as it can be read', async () => {
  const { reading, ids } = open([
    '\0\xff\xfe not a header at all',
    `Content-Type: multipart/mixed; boundary=x\n\n${'--x\nContent-Type: multipart/mixed; boundary=x\n\n'.repeat(2000)}`,
    'Content-Type: text/plain; charset=klingon\nContent-Transfer-Encoding: base64\n\n%%%%\n',
    '',
  ]);
  expect((await reading.list(undefined, 10, undefined)).messages).toHaveLength(4);
  for (const id of ids) expect(await reading.show(id)).toMatchObject({ id });
});

test('what takes too long is given up, with its thread; the next question has another one', async () => {
  const { reading, folder, ids } = open([simple('slow', `\n${'x y z\n'.repeat(300_000)}`), simple('quick')], {
    contentMs: 20,
  });
  await expect(Promise.all([reading.show(ids[0]!), reading.show(ids[1]!)])).rejects.toThrow(/takes too long/);
  const patient = new MessageReading(SCRIPT, folder);
  expect(await patient.show(ids[1]!)).toMatchObject({ subject: 'quick' });
  await patient.close();
  await expect(reading.show(ids[0]!)).rejects.toThrow(/takes too long/); // begun anew, and given up anew
  expect((await reading.list(undefined, 5, undefined)).total).toBe(2); // lists have a thread of their own
});

test('a folder that cannot be read is said', async () => {
  const { reading, folder } = open([]);
  writeFileSync(join(folder, 'file'), '');
  await reading.close();
  const broken = new MessageReading(SCRIPT, join(folder, 'file'));
  await expect(broken.list(undefined, 5, undefined)).rejects.toThrow(/ENOTDIR/);
  await broken.close();
});
