/** The mailbox that the page and the API read: pages, filters, what is kept read, what goes. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newestMeant } from '../../src/cmdlets/messages/message-selection.ts';
import { Mailbox } from '../../src/messages/mailbox.ts';
import { byAge } from '../../src/messages/maildir-reader.ts';
import { tempFolder } from '../support/temp-home.ts';

function maildir(count: number): { folder: string; ids: string[] } {
  const folder = tempFolder('mailbox');
  for (const part of ['new', 'cur', 'tmp']) mkdirSync(join(folder, part));
  const ids = Array.from({ length: count }, (_, n) => {
    const id = `${1_700_000_000 + n}.M${n}P1Q${n}Rabc.host`;
    const text = `Return-Path: <sue@contoso.test>\r\nDelivered-To: ${n % 2 ? 'kim' : 'bob'}@contoso.test\r\nSubject: No ${n}\r\n\r\nText ${n}\r\n`;
    writeFileSync(join(folder, 'new', id), text);
    return id;
  });
  return { folder, ids };
}

const subjects = (messages: readonly { subject: string }[]) => messages.map(({ subject }) => subject);

describe('pages', () => {
  test('newest first, each from where the one before ended', async () => {
    const mailbox = new Mailbox(maildir(5).folder);
    const first = await mailbox.page({}, 2);
    expect(subjects(first.messages)).toEqual(['No 4', 'No 3']);
    expect(first.total).toBe(5);
    const second = await mailbox.page({}, 2, first.next);
    expect(subjects(second.messages)).toEqual(['No 2', 'No 1']);
    const last = await mailbox.page({}, 2, second.next);
    expect([subjects(last.messages), last.next]).toEqual([['No 0'], undefined]);
  });

  test('a page that ends with the last that fits has no next', async () => {
    const mailbox = new Mailbox(maildir(4).folder);
    expect((await mailbox.page({ to: 'kim' }, 2)).next).toBeUndefined();
    expect((await mailbox.page({}, 4)).next).toBeUndefined();
  });

  test('goes on from a message that is gone', async () => {
    const { folder, ids } = maildir(4);
    const mailbox = new Mailbox(folder);
    const { next } = await mailbox.page({}, 2);
    expect(next).toBe(ids[2]);
    await mailbox.remove(next!);
    expect(subjects((await mailbox.page({}, 2, next)).messages)).toEqual(['No 1', 'No 0']);
  });
});

test('filters hold together; a wildcard has to match the whole', async () => {
  const mailbox = new Mailbox(maildir(4).folder);
  const found = async (texts: object) => subjects((await mailbox.page(texts, 10)).messages);
  expect(await found({ to: 'KIM', subject: '3' })).toEqual(['No 3']);
  expect(await found({ subject: 'No' })).toHaveLength(4);
  expect(await found({ subject: 'o*' })).toEqual([]);
  expect(await found({ text: 'text 2' })).toEqual(['No 2']);
  expect(await found({ from: 'nobody' })).toEqual([]);
});

test('what another program moved is found, what it removed is not', async () => {
  const { folder, ids } = maildir(2);
  const mailbox = new Mailbox(folder);
  await mailbox.page({}, 10); // now they are kept
  renameSync(join(folder, 'new', ids[0]!), join(folder, 'cur', `${ids[0]}:2,S`));
  rmSync(join(folder, 'new', ids[1]!));
  expect((await mailbox.find(ids[0]!))?.subject).toBe('No 0');
  expect(await mailbox.find(ids[1]!)).toBeUndefined();
  expect((await mailbox.find('latest'))?.id).toBe(ids[0]);
});

test('clears those that fit, or all', async () => {
  const mailbox = new Mailbox(maildir(5).folder);
  expect(await mailbox.clear({ to: 'kim' })).toBe(2);
  expect((await mailbox.entries()).length).toBe(3);
  expect(await mailbox.clear({})).toBe(3);
  expect(await mailbox.clear({})).toBe(0);
});

test('each is told once to who looks again and again', async () => {
  const { folder } = maildir(3);
  const mailbox = new Mailbox(folder);
  const looked = new Set<string>();
  const told = async () => {
    const all = [];
    for await (const message of mailbox.fitting({}, looked)) all.push(message.subject);
    return all;
  };
  expect(await told()).toEqual(['No 0', 'No 1', 'No 2']);
  expect(await told()).toEqual([]);
});

test('the order of names is one order', () => {
  const id = fc.oneof(
    fc.tuple(fc.nat(99), fc.nat(99), fc.nat(9)).map(([s, m, q]) => `${s}.M${m}P1Q${q}Rx`),
    fc.string(),
    fc.nat(99).map((s) => `${s}.other`),
  );
  fc.assert(
    fc.property(id, id, id, (a, b, c) => {
      expect(Math.sign(byAge(a, b))).toBe(-Math.sign(byAge(b, a)) + 0);
      if (byAge(a, b) <= 0 && byAge(b, c) <= 0) expect(byAge(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});

test('the newest that fit come oldest first, and nothing older is read', async () => {
  const { folder, ids } = maildir(6);
  const all = { Identity: undefined, From: undefined, To: undefined, Subject: undefined, Text: undefined };
  const looked = new Set<string>();
  const found = await newestMeant(folder, { ...all, To: 'bob' }, 2, looked);
  expect(subjects(found.map(({ message }) => message))).toEqual(['No 2', 'No 4']);
  expect([...looked].sort()).toEqual(ids.slice(2));
  expect(await newestMeant(folder, all, 0)).toEqual([]);
  expect(await newestMeant(folder, all, 100)).toHaveLength(6);
});
