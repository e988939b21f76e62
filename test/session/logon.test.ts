/** Logons: who is known, what is tried, whose turn it is, and what wrong passwords cost. */
import { expect, onTestFinished, test } from 'vitest';
import { Logons } from '../../src/listener/session/logon.ts';
import { PasswordQueue } from '../../src/listener/session/password-queue.ts';
import type { StoredUser } from '../../src/store/document.ts';
import { smtpUser } from './harness/dialogue.ts';

const users = [
  smtpUser('alice Secret.123'),
  smtpUser('bob@contoso.com Gr\u00fc\u00dfe'),
  smtpUser('eve Secret.123 disabled'),
];

function logons(clock?: () => number): Logons {
  const made = new Logons(clock);
  onTestFinished(() => made.close());
  return made;
}

const check = (on: Logons, name: string, password: string, source = '10.0.0.1', penalty = () => 0) =>
  on.check(users, { source, name, password, penalty });

test.each([
  ['alice', 'Secret.123', 'alice'],
  ['ALICE', 'Secret.123', 'alice'],
  ['CONTOSO\\alice', 'Secret.123', 'alice'],
  ['bob@contoso.com', 'Gr\u00fc\u00dfe', 'bob@contoso.com'],
  ['bob@contoso.com', 'Gru\u0308\u00dfe', 'bob@contoso.com'], // the same letters, composed another way
  ['alice', 'secret.123', undefined],
  ['alice', '', undefined],
  ['eve', 'Secret.123', undefined],
  ['nobody', 'Secret.123', undefined],
  ['', '', undefined],
  ['CONTOSO\\', 'Secret.123', undefined],
  ['alice\0', 'Secret.123', undefined],
  ['__proto__', 'x', undefined],
  ['alice', 'x'.repeat(100_000), undefined],
])('%j with %j: %s', async (name, password, expected) => {
  const user = await check(logons(), name, password).done;
  expect((user as StoredUser | undefined)?.Name).toBe(expected);
});

test('many at once all get their answer, each its own', async () => {
  const on = logons();
  const answers = await Promise.all(
    Array.from(
      { length: 12 },
      (_, i) => check(on, i % 2 ? 'alice' : 'nobody', i % 3 ? 'Secret.123' : 'wrong', `10.0.0.${i}`).done,
    ),
  );
  expect(answers.map((user) => user !== undefined)).toEqual(
    Array.from({ length: 12 }, (_, i) => i % 2 === 1 && i % 3 !== 0),
  );
});

test('a password that was right passes a queue that stands still, from its own source and for a while', async () => {
  const clock = { now: 0 };
  const on = logons(() => clock.now);
  expect(await check(on, 'alice', 'Secret.123').done).toBe(users[0]);
  for (let i = 0; i < 4; i++) await check(on, 'nobody', 'x', '10.0.0.1', () => 1000).done;
  const stuck = check(on, 'nobody', 'x', '10.0.0.1', () => 1000); // its source has to wait, and the clock stands still
  expect(await check(on, 'alice', 'Secret.123').done).toBe(users[0]);
  expect(on.waiting).toBe(1);
  stuck.cancel();
  expect(await stuck.done).toBe('left');
  clock.now += 15 * 60_000 + 1;
  const again = check(on, 'alice', 'Secret.123');
  expect(await again.done).toBe(users[0]);
});

test('what is known cannot be guessed at: after five misses it is forgotten', async () => {
  const clock = { now: 0 };
  const on = logons(() => clock.now);
  await check(on, 'alice', 'Secret.123').done;
  for (let i = 0; i < 4; i++)
    on.check(users, { source: '10.0.0.1', name: 'nobody', password: 'x', penalty: () => 1000 });
  while (on.waiting > 0) await new Promise((turn) => setTimeout(turn, 1));
  for (let i = 0; i < 6; i++) check(on, 'alice', `guess ${i}`).cancel();
  const waits = check(on, 'alice', 'Secret.123', '10.0.0.1');
  const outcome = await Promise.race([waits.done, new Promise((turn) => setImmediate(() => turn('not at once')))]);
  expect(outcome).toBe('not at once');
});

test('the hash of a user who was given a new password is another one: the old one is wrong at once', async () => {
  const on = logons();
  expect(await check(on, 'alice', 'Secret.123').done).toBe(users[0]);
  const changed = [smtpUser('alice Other.456')];
  expect(
    await on.check(changed, { source: '10.0.0.1', name: 'alice', password: 'Secret.123', penalty: () => 0 }).done,
  ).toBe(undefined);
});

test('sources take turns; who left is skipped', async () => {
  const order: string[] = [];
  const queue = new PasswordQueue(1);
  const add = (source: string, what: string) =>
    queue.add(
      source,
      () => 0,
      async () => {
        order.push(what);
        return true;
      },
    );
  const flood = Array.from({ length: 5 }, (_, i) => add('a', `a${i}`));
  const other = add('b', 'b');
  flood[2]!.cancel();
  await Promise.all([...flood, other].map(({ done }) => done));
  expect(order).toEqual(['a0', 'a1', 'b', 'a3', 'a4']);
  expect(await flood[2]!.done).toBe(undefined);
  expect(queue.waiting).toBe(0);
});

/** Logons whose scrypt ends when the test says so, and which passwords it was asked about, in order. */
function counted() {
  const asked: string[] = [];
  let finish: (() => void)[] = [];
  const on = new Logons(
    () => 0,
    (password) => {
      asked.push(password);
      return new Promise((settle) => finish.push(() => settle(password === 'Secret.123')));
    },
  );
  onTestFinished(() => on.close());
  const turn = async () => {
    for (const end of finish.splice(0)) end();
    await new Promise((next) => setImmediate(next));
  };
  finish = [];
  return { on, asked, turn };
}

const GUESSERS = Array.from({ length: 200 }, (_, i) => ({ source: `10.0.1.${i % 10}`, password: `guess ${i}` }));

test('beside 200 guesses of ten addresses that hung up, a known user waits for no more than the two that run', async () => {
  const { on, asked, turn } = counted();
  const guesses = GUESSERS.map(({ source, password }) => check(on, 'alice', password, source, () => 5000));
  const known = check(on, 'alice', 'Secret.123', '10.0.2.1');
  for (const guess of guesses) guess.cancel();
  await turn();
  await turn();
  expect(await known.done).toBe(users[0]);
  expect(asked.length).toBeLessThanOrEqual(3);
});

test('beside 200 guesses of ten addresses that stay, it waits for one of each; when they guessed before, for none', async () => {
  const { on, asked, turn } = counted();
  const rounds = async (done: Promise<unknown>): Promise<number> => {
    const before = asked.length;
    let over = false;
    void done.then(() => {
      over = true;
    });
    while (!over) await turn();
    return asked.length - before;
  };
  const guess = () => GUESSERS.map(({ source, password }) => check(on, 'alice', password, source, () => 5000));
  guess();
  expect(await rounds(check(on, 'alice', 'Secret.123', '10.0.2.1').done)).toBeLessThanOrEqual(12);
  guess();
  expect(await rounds(check(on, 'alice', 'Secret.123', '10.0.2.2').done)).toBeLessThanOrEqual(4);
});

test('who logged on lately has every other turn, until it guesses wrong', async () => {
  const order: string[] = [];
  const queue = new PasswordQueue(1, () => 0);
  const add = (source: string, right: boolean) =>
    queue.add(
      source,
      () => 5000,
      async () => {
        order.push(source);
        return right;
      },
    ).done;
  await add('known', true);
  await Promise.all([add('x', true), add('a', true), add('b', true), add('known', true), add('known', false)]);
  await Promise.all([add('y', true), add('c', true), add('known', true)]);
  expect(order).toEqual(['known', 'x', 'known', 'a', 'known', 'b', 'y', 'c', 'known']);
  queue.close();
});

test('after three wrong passwords a source waits as long for each as the connector says, whatever connection it comes on', async () => {
  const clock = { now: 0 };
  const queue = new PasswordQueue(1, () => clock.now);
  const wrong = () =>
    queue.add(
      'a',
      () => 5000,
      async () => false,
    ).done;
  for (let i = 0; i < 3; i++) await wrong();
  expect(queue.wait('a')).toBe(0);
  await wrong();
  expect(queue.wait('a')).toBe(5000);
  expect(queue.wait('b')).toBe(0);
  clock.now += 5000;
  expect(queue.wait('a')).toBe(0);
  await wrong();
  expect(queue.wait('a')).toBe(5000);
  clock.now += 20_000;
  expect(queue.wait('a')).toBe(0);
  queue.close();
});
