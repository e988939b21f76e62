/** Logons: who is known, what is tried, how many at once. */
import { beforeAll, expect, test } from 'vitest';
import { checkLogon } from '../../src/listener/session/logon.ts';
import type { StoredUser } from '../../src/store/document.ts';
import { smtpUser } from './harness/dialogue.ts';

let users: StoredUser[];
beforeAll(async () => {
  users = [
    await smtpUser('alice Secret.123'),
    await smtpUser('bob@contoso.com Gr\u00fc\u00dfe'),
    await smtpUser('eve Secret.123 disabled'),
  ];
});

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
  expect((await checkLogon(users, name, password))?.Name).toBe(expected);
});

test('many at once all get their answer, each its own', async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, i) => checkLogon(users, i % 2 ? 'alice' : 'nobody', i % 3 ? 'Secret.123' : 'wrong')),
  );
  expect(answers.map((user) => user !== undefined)).toEqual(
    Array.from({ length: 12 }, (_, i) => i % 2 === 1 && i % 3 !== 0),
  );
});
