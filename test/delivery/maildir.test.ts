import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDelivery } from '../../src/listener/delivery/delivery.ts';
import { FailureEvents } from '../../src/listener/delivery/failure-events.ts';
import { disk, type MailFile, type MailFiles } from '../../src/listener/delivery/files.ts';
import { Maildir } from '../../src/listener/delivery/maildir.ts';
import { nameMaker } from '../../src/listener/delivery/maildir-name.ts';
import { MemoryBudget } from '../../src/listener/memory-budget.ts';
import { deliver, Events, envelopeOf, freshHome, messagesIn, namesIn, said, serverWith, until } from './scene.ts';

const envelope = envelopeOf('a@fabrikam.com', ['b@contoso.com', 'c@contoso.com']);

/** The real disk with some of its actions replaced. */
function broken(changes: Partial<MailFiles>, file: Partial<MailFile> = {}): MailFiles {
  return {
    ...disk,
    async create(path) {
      const real = await disk.create(path);
      const bound = (name: keyof MailFile) => (real[name] as (...args: unknown[]) => unknown).bind(real);
      const whole = Object.fromEntries(
        (['write', 'read', 'sync', 'close'] as const).map((name) => [name, bound(name)]),
      );
      return { ...whole, ...file } as unknown as MailFile;
    },
    ...changes,
  };
}

const failing = (code: string) => async () => {
  throw Object.assign(new Error(`${code}: it failed`), { code });
};

test('a message is in new, with its envelope on top, before it is acknowledged', async () => {
  const home = freshHome();
  const delivery = openDelivery(home, new Events(), () => serverWith());
  expect(await deliver(delivery, envelope, 'Subject: Hi\r\n\r\n', 'text\r\n')).toEqual({ ok: true });
  expect(await messagesIn(home)).toEqual([
    'Return-Path: <a@fabrikam.com>\nDelivered-To: b@contoso.com\nDelivered-To: c@contoso.com\n' +
      'Received: from client.fabrikam.com\nSubject: Hi\n\ntext\n',
  ]);
  expect(await namesIn(home, 'tmp')).toEqual([]);
  await delivery.close();
});

test('folders are 0700 and messages 0600', async () => {
  const home = freshHome();
  const delivery = openDelivery(home, new Events(), () => serverWith());
  await deliver(delivery, envelope, 'x');
  for (const folder of ['', 'tmp', 'new', 'cur'])
    expect((await stat(join(home.mail, folder))).mode & 0o777).toBe(0o700);
  const [name] = await readdir(join(home.mail, 'new'));
  expect((await stat(join(home.mail, 'new', name!))).mode & 0o777).toBe(0o600);
  await delivery.close();
});

test('a large message goes through a file piece by piece and is whole', async () => {
  const home = freshHome();
  const delivery = openDelivery(home, new Events(), () => serverWith());
  const chunk = Buffer.alloc(50_000, 'abcdefghi\n');
  const message = delivery.begin(envelope);
  let waited = 0;
  for (let i = 0; i < 40; i++) {
    const more = message.write(chunk);
    if (more) waited++;
    await more;
  }
  expect(waited).toBeGreaterThan(30);
  expect(await message.commit('<x>')).toEqual({ ok: true });
  const [stored] = await messagesIn(home);
  expect(stored!.endsWith(chunk.toString('latin1').repeat(40))).toBe(true);
  await delivery.close();
});

test('an aborted message, small or large, leaves nothing', async () => {
  const home = freshHome();
  const delivery = openDelivery(home, new Events(), () => serverWith());
  const small = delivery.begin(envelope);
  small.write(Buffer.from('x'));
  small.abort();
  const large = delivery.begin(envelope);
  await large.write(Buffer.alloc(200_000));
  expect(await namesIn(home, 'tmp')).toHaveLength(1);
  large.abort();
  await until(async () => (await namesIn(home, 'tmp')).length === 0);
  expect(await messagesIn(home)).toEqual([]);
  await delivery.close();
});

test.each([
  ['no space to write', broken({}, { write: failing('ENOSPC') }), 'ENOSPC'],
  ['a sync that fails', broken({}, { sync: failing('EIO') }), 'EIO'],
  ['a read-only file system', broken({ create: failing('EROFS') }), 'EROFS'],
  ['no more file handles', broken({ create: failing('EMFILE') }), 'EMFILE'],
  ['a rename that fails', broken({ rename: failing('EIO') }), 'EIO'],
  ['a folder sync that fails', broken({ syncFolder: failing('EIO') }), 'EIO'],
])('%s: 452, nothing left behind, one event for many', async (_, files, code) => {
  const home = freshHome();
  for (const folder of ['tmp', 'new', 'cur']) await mkdir(join(home.mail, folder), { recursive: true });
  const events = new Events();
  const delivery = openDelivery(home, events, () => serverWith(), { files });
  const results = await Promise.all(
    Array.from({ length: 30 }, (_, i) => deliver(delivery, envelope, Buffer.alloc(i % 2 ? 10 : 200_000))),
  );
  for (const result of results) expect(result).toEqual({ ok: false, reply: '452 4.3.1 Insufficient system resources' });
  expect(await messagesIn(home)).toEqual([]);
  expect(await namesIn(home, 'tmp')).toEqual([]);
  expect(events.written.map((event) => [event.id, event.data?.code])).toEqual([[17101, code]]);
  await delivery.close();
  expect(events.written.at(-1)!.data?.count).toBe(29);
});

test('file handles are closed when a write fails', async () => {
  const home = freshHome();
  let open = 0;
  const files: MailFiles = {
    ...disk,
    async create(path) {
      const file = await disk.create(path);
      open++;
      const close = async () => {
        await file.close();
        open--;
      };
      return { write: failing('ENOSPC'), read: file.read.bind(file), sync: file.sync, close };
    },
  };
  const delivery = openDelivery(home, new Events(), () => serverWith(), { files });
  await Promise.all(Array.from({ length: 50 }, () => deliver(delivery, envelope, Buffer.alloc(100_000))));
  expect(open).toBe(0);
  await delivery.close();
});

test('a disk that comes back takes mail again', async () => {
  const home = freshHome();
  let full = true;
  const files: MailFiles = { ...disk, create: (path) => (full ? failing('ENOSPC')() : disk.create(path)) };
  const delivery = openDelivery(home, new Events(), () => serverWith(), { files });
  expect((await deliver(delivery, envelope, 'x')).ok).toBe(false);
  full = false;
  expect((await deliver(delivery, envelope, 'x')).ok).toBe(true);
  await delivery.close();
});

test('a Maildir that somebody removed is made again', async () => {
  const home = freshHome();
  const delivery = openDelivery(home, new Events(), () => serverWith());
  await deliver(delivery, envelope, 'one');
  await rm(home.mail, { recursive: true });
  expect((await deliver(delivery, envelope, 'two')).ok).toBe(true);
  expect(await messagesIn(home)).toHaveLength(1);
  await delivery.close();
});

test('messages committed together share syncs of the folder', async () => {
  const home = freshHome();
  let syncs = 0;
  const files: MailFiles = {
    ...disk,
    async syncFolder(path) {
      if (path.endsWith('/new')) syncs++;
      await disk.syncFolder(path);
    },
  };
  const delivery = openDelivery(home, new Events(), () => serverWith(), { files });
  const results = await Promise.all(Array.from({ length: 200 }, (_, i) => deliver(delivery, envelope, `${i}`)));
  expect(results.every((result) => result.ok)).toBe(true);
  expect(await messagesIn(home)).toHaveLength(200);
  expect(syncs).toBeGreaterThan(0);
  expect(syncs).toBeLessThan(150);
  await delivery.close();
});

test('a sync that began before a message was moved does not count for it', async () => {
  const home = freshHome();
  const order: string[] = [];
  const files: MailFiles = {
    ...disk,
    async rename(from, to) {
      await disk.rename(from, to);
      order.push('moved');
    },
    async syncFolder(path) {
      if (!path.endsWith('/new')) return disk.syncFolder(path);
      order.push('sync begins');
      await disk.syncFolder(path);
      order.push('sync ends');
    },
  };
  const delivery = openDelivery(home, new Events(), () => serverWith(), { files });
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      await deliver(delivery, envelope, 'x');
      order.push('acknowledged');
    }),
  );
  let movedBeforeSync = 0;
  let moved = 0;
  let safe = 0;
  let acknowledged = 0;
  for (const step of order) {
    if (step === 'moved') moved++;
    if (step === 'sync begins') movedBeforeSync = moved;
    if (step === 'sync ends') safe = movedBeforeSync;
    if (step === 'acknowledged') expect(++acknowledged).toBeLessThanOrEqual(safe);
  }
  expect(acknowledged).toBe(50);
  await delivery.close();
});

test('leftovers of a process that died are removed at start; everybody else’s stay', async () => {
  const home = freshHome();
  const tmp = join(home.mail, 'tmp');
  await mkdir(tmp, { recursive: true });
  const names = nameMaker(hostname(), process.pid, Date.now, 'aaaaaaaa'); // our number, another process
  const leftover = names.next();
  const alive = nameMaker(hostname(), process.ppid).next();
  const other = nameMaker('other.contoso.com', 1).next();
  for (const name of [leftover, alive, other, '1700000000.M1P2.dovecot']) await writeFile(join(tmp, name), 'x');
  const events = new Events();
  const delivery = openDelivery(home, events, () => serverWith());
  await until(() => events.written.length);
  expect((await readdir(tmp)).sort()).toEqual([alive, other, '1700000000.M1P2.dovecot'].sort());
  expect(events.written[0]).toMatchObject({ id: 17102, data: { count: 1 } });
  await delivery.close();
});

test('line ends and control characters in addresses cannot make header fields', async () => {
  const home = freshHome();
  const delivery = openDelivery(home, new Events(), () => serverWith());
  await deliver(delivery, envelopeOf('a\r\nX-Evil: 1@x', ['"b\nc"@contoso.com']), '\r\n');
  const [stored] = await messagesIn(home);
  expect(stored).toMatch(/^Return-Path: <a\?\?X-Evil: 1@x>\nDelivered-To: "b\?c"@contoso.com\nReceived/);
  await delivery.close();
});

test('names are unique, in one process and between them', () => {
  const clock = () => 1_700_000_000_000;
  const makers = [1, 2, 3].map(() => nameMaker('a/b:c', 7, clock));
  const names = makers.flatMap((maker) => Array.from({ length: 1000 }, () => maker.next()));
  expect(new Set(names).size).toBe(3000);
  expect(names[0]).toMatch(/^1700000000\.M0P7Q0R[0-9a-f]{8}\.a\\057b\\072c$/);
});

test('a disk that hangs: 452 in time, and nothing appears in new later', async () => {
  const home = freshHome();
  let release = () => {};
  const hang = new Promise<void>((resolve) => {
    release = resolve;
  });
  let unlinked = 0;
  const unlink = async (path: string) => {
    await disk.unlink(path);
    unlinked++;
  };
  const events = new Events();
  const maildir = new Maildir({
    memory: new MemoryBudget(),
    folder: home.mail,
    files: broken({ unlink }, { sync: () => hang }),
    names: nameMaker('h', 1),
    failures: new FailureEvents(events),
    events,
    commitLimitMs: 20,
  });
  await maildir.open();
  const message = maildir.begin(envelope);
  message.write(Buffer.from('x'));
  expect(said(await message.commit())).toEqual({ ok: false, reply: '452 4.3.1 Insufficient system resources' });
  release();
  await until(() => unlinked === 1);
  expect(await messagesIn(home)).toEqual([]);
  expect(await namesIn(home, 'tmp')).toEqual([]);
  expect(events.written[0]!.data?.code).toBe('ETIMEDOUT');
});

test('line ends are those of files, also where CRLF comes in two pieces; binary content is untouched', async () => {
  const home = freshHome();
  const delivery = openDelivery(home, new Events(), () => serverWith());
  onTestFinished(() => delivery.close());
  const envelope = envelopeOf('a@fabrikam.com', ['b@contoso.com']);
  await deliver(delivery, envelope, 'Subject: Hi\r', '\n\r\n', 'bare\rCR, bare\nLF\r\n', 'end\r');
  const [text] = await messagesIn(home);
  expect(text).toMatch(/^[^\r]*Subject: Hi\n\nbare\rCR, bare\nLF\nend\r$/);
  const binary = { ...envelope, body: 'BINARYMIME' as const };
  await deliver(delivery, binary, 'Subject: Binary\r\n\r\n\0\r\n\n\r');
  const stored = (await messagesIn(home)).find((one) => one.includes('Binary'))!;
  expect(stored.endsWith('Received: from client.fabrikam.com\r\nSubject: Binary\r\n\r\n\0\r\n\n\r')).toBe(true);
});
