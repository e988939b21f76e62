/** Messages over the page's server: who gets them, how they are saved, and the frame that HTML is shown in. */
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Mail } from '../../src/listener/web/mail.ts';
import { MessageReading } from '../../src/messages/reading.ts';
import { maildirWith } from '../messages/stored.ts';
import { tempFolder } from '../support/temp-home.ts';
import { PageStage } from './page-stage.ts';

const SCRIPT = resolve(import.meta.dirname, '../../dist/messages.cjs');
const HTML =
  'Return-Path: <a@contoso.com>\nDelivered-To: b@contoso.com\nSubject: <b>bold</b>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n' +
  '--x\nContent-Type: text/html\n\n<script>alert(1)</script>hello\n' +
  '--x\nContent-Type: text/html\nContent-Disposition: attachment; filename="it\'s (1)*\xe4.html"\n\n<script>\n--x--\n';

let stage: PageStage;
let me: Record<string, string>;
let id: string;
beforeAll(async () => {
  const home = tempFolder('page');
  id = maildirWith([HTML], join(home, 'mail')).ids[0]!;
  stage = await PageStage.open({ home, mail: new MessageReading(SCRIPT, join(home, 'mail')) });
  me = await stage.signIn();
});
afterAll(() => stage.close());

const ticket = async () => {
  const { text } = await stage.ask('/ticket', { headers: me, body: { id } });
  return JSON.parse(text).frame as string;
};

test('nothing without a session', async () => {
  for (const path of ['/messages', `/message?id=${id}`, `/part?id=${id}&part=raw`])
    expect([path, (await stage.ask(path)).status]).toEqual([path, 401]);
  expect((await stage.ask('/ticket', { body: { id } })).status).toBe(401);
  for (const path of ['/frame', '/frame?ticket=', `/frame?ticket=${'x'.repeat(43)}`])
    expect([path, (await stage.ask(path, { headers: me })).status]).toEqual([path, 403]);
});

test('the list and the message are told; what is not there is said', async () => {
  const list = JSON.parse((await stage.ask('/messages?search=BOLD', { headers: me })).text);
  expect(list).toMatchObject({ total: 1, messages: [{ id, subject: '<b>bold</b>', attachments: 1 }] });
  expect(JSON.parse((await stage.ask(`/message?id=${id}`, { headers: me })).text)).toMatchObject({ id, hasHtml: true });
  for (const path of ['/message?id=x', '/message', `/message?id=../../${id}`, `/part?id=${id}&part=9`, '/part'])
    expect([path, (await stage.ask(path, { headers: me })).status]).toEqual([path, 404]);
  expect((await stage.ask(`/messages?search=${'x'.repeat(300)}`, { headers: me })).status).toBe(400);
});

test('what is saved is never shown by the browser, whatever it says that it is', async () => {
  const { status, headers, text } = await stage.ask(`/part?id=${id}&part=0`, { headers: me });
  expect([status, text]).toEqual([200, expect.stringContaining('<script>')]);
  expect(headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });
  expect(headers['content-disposition']).toMatch(/^attachment; filename\*=UTF-8''it%27s%20%281%29[\w%.]*\.html$/);
});

test('HTML goes into a frame alone: by a ticket that is good once, with a policy of its own', async () => {
  const frame = await ticket();
  const { status, headers, text } = await stage.ask(frame, { headers: { 'sec-fetch-dest': 'iframe' } });
  expect([status, text]).toEqual([200, expect.stringContaining('hello')]);
  const policy = String(headers['content-security-policy']).split('; ');
  expect(policy).toEqual(
    expect.arrayContaining([
      'sandbox',
      "default-src 'none'",
      'img-src data:',
      "form-action 'none'",
      "frame-ancestors 'self'",
    ]),
  );
  expect(policy.join()).not.toMatch(/allow-|script-src|connect-src/);
  expect(headers).toMatchObject({
    'x-frame-options': 'SAMEORIGIN',
    'referrer-policy': 'no-referrer',
    'x-dns-prefetch-control': 'off',
  });
  expect((await stage.ask(frame)).status).toBe(403);
  expect((await stage.ask(await ticket(), { headers: { 'sec-fetch-dest': 'document' } })).status).toBe(403);
  expect((await stage.ask(await ticket(), { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  for (const body of [{}, { id: 1 }, { id: 'x'.repeat(301) }, []])
    expect((await stage.ask('/ticket', { headers: me, body })).status).toBe(400);
});

test('a ticket is not good for ever, and there are not many', async () => {
  let now = 0;
  const mail = new Mail(undefined, () => now);
  const tickets = Array.from({ length: 60 }, () => mail.ticket({ id }).frame.split('=')[1]!);
  const asked = (one: string) => mail.frame(undefined as never, one, undefined);
  await expect(asked(tickets[0]!)).rejects.toThrow(/shown already/);
  await expect(asked(tickets.at(-1)!)).rejects.toThrow(/shows no messages/); // good, but nobody reads here
  now = 31_000;
  await expect(asked(tickets.at(-2)!)).rejects.toThrow(/shown already/);
});

test('one is removed by rc, after its what-if; all of them too', async () => {
  const asked = stage.ran.length;
  await stage.ask('/do', { headers: me, body: { command: 'remove-message', id } });
  await stage.ask('/do', { headers: me, body: { command: 'remove-message', all: true, confirmed: true } });
  expect(stage.ran.slice(asked).map(({ argv }) => argv)).toEqual([
    ['remove-message', id, '--what-if'],
    ['remove-message', '*', '--confirm=false', '--wait'],
  ]);
});
