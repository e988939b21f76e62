import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePasswordHash } from '../../src/domain/password-hash.ts';
import { hashPassword, verifyPassword } from '../../src/store/password.ts';

test('a password matches its own hash and no other', async () => {
  const hash = await hashPassword('Pa$$w0rd ü');
  expect(hash).toMatch(/^scrypt\$16384\$8\$5\$[^$]+\$[^$]+$/);
  expect(await verifyPassword('Pa$$w0rd ü', hash)).toBe(true);
  expect(await verifyPassword('Pa$$w0rd u', hash)).toBe(false);
  expect(await verifyPassword('', hash)).toBe(false);
});

test('the same password twice has two hashes', async () => {
  expect(await hashPassword('x')).not.toBe(await hashPassword('x'));
});

test('a composed and a decomposed letter are the same password', async () => {
  expect(await verifyPassword('u\u0308', await hashPassword('\u00fc'))).toBe(true);
});

test('a hash of RFC 7914 section 12 verifies', async () => {
  const key = Buffer.from(
    'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
    'hex',
  );
  const stored = `scrypt$1024$8$16$${Buffer.from('NaCl').toString('base64')}$${key.toString('base64')}`;
  expect(await verifyPassword('password', stored)).toBe(true);
  expect(await verifyPassword('Password', stored)).toBe(false);
});

test.each([
  ['', 'nothing'],
  ['plain', 'a plain text'],
  ['scrypt$3$8$1$AAAA$AAAAAAAAAAAAAAAAAAAAAA==', 'a cost that is no power of two'],
  ['scrypt$67108864$8$1$AAAA$AAAAAAAAAAAAAAAAAAAAAA==', 'a cost that would take all memory'],
  ['scrypt$1024$8$1$AAAA$AAAA', 'a hash too short to mean anything'],
])('refuses %j: %s', async (stored) => {
  expect(parsePasswordHash(stored)).toBeUndefined();
  expect(await verifyPassword('x', stored)).toBe(false);
});

test('a password that was right stays right, and a wrong one stays wrong, many at once', async () => {
  const [one, other] = await Promise.all([hashPassword('one'), hashPassword('other')]);
  const tries = Array.from({ length: 12 }, (_, i) => [['one', 'other'][i % 2]!, i % 3 === 0 ? one : other] as const);
  for (let round = 0; round < 2; round++) {
    const results = await Promise.all(tries.map(([text, hash]) => verifyPassword(text, hash)));
    expect(results).toEqual(tries.map(([text, hash]) => (text === 'one') === (hash === one)));
  }
});

test('no text throws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => {
      expect(await verifyPassword(text, `scrypt$2$1$1$${text}$${text}`)).toBe(false);
    }),
  );
});
