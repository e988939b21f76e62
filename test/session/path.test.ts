/** Paths and parameters of MAIL and RCPT. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isXtext, NULL_PATH, readMailbox, readParameters, splitArgument } from '../../src/smtp/path.ts';

describe('a mailbox', () => {
  test.each([
    ['kim@contoso.com', 'kim@contoso.com', 'kim', 'contoso.com'],
    ['Kim.Lee+tag@CONTOSO.com', 'Kim.Lee+tag@CONTOSO.com', 'Kim.Lee+tag', 'CONTOSO.com'],
    ['"kim"@contoso.com', 'kim@contoso.com', 'kim', 'contoso.com'],
    ['"kim lee"@contoso.com', '"kim lee"@contoso.com', 'kim lee', 'contoso.com'],
    ['"a\\"b"@contoso.com', '"a\\"b"@contoso.com', 'a"b', 'contoso.com'],
    ['"a\\b"@contoso.com', 'ab@contoso.com', 'ab', 'contoso.com'],
    ['""@contoso.com', '""@contoso.com', '', 'contoso.com'],
    ['"a@b"@contoso.com', '"a@b"@contoso.com', 'a@b', 'contoso.com'],
    ['@a.com,@b.com:kim@contoso.com', 'kim@contoso.com', 'kim', 'contoso.com'],
    ['kim@[192.0.2.1]', 'kim@[192.0.2.1]', 'kim', '[192.0.2.1]'],
    ['kim@[IPv6:2001:db8::1]', 'kim@[IPv6:2001:db8::1]', 'kim', '[IPv6:2001:db8::1]'],
    ["!#$%&'*+-/=?^_`{|}~@contoso.com", "!#$%&'*+-/=?^_`{|}~@contoso.com", "!#$%&'*+-/=?^_`{|}~", 'contoso.com'],
    ['postmaster', 'postmaster', 'postmaster', ''],
    ['kim@localhost', 'kim@localhost', 'kim', 'localhost'],
  ])('%s', (path, address, local, domain) => {
    expect(readMailbox(path, false)).toEqual({ address, local, domain, literal: domain.startsWith('[') });
  });

  test.each([
    '@contoso.com',
    'kim@',
    'kim@@contoso.com',
    'kim@contoso.com@x',
    '.kim@contoso.com',
    'kim.@contoso.com',
    'a..b@contoso.com',
    'kim lee@contoso.com',
    'kim@contoso com',
    'kim@.com',
    'kim@com.',
    'kim@-a.com',
    'kim@a-.com',
    '"kim@contoso.com',
    '"kim"x@contoso.com',
    'kim@[]',
    'kim@[1.2.3]',
    'kim@[1.2.3.4.5]',
    'kim@[::1]',
    'kim@[IPv6:1.2.3.4]',
    'kim@[1.2.3.4',
    'kim@1.2.3.4]',
    'kim@[IPv6:fe80::1%eth0]',
    'kïm@contoso.com',
    'kim@contösö.com',
    '@a.com:',
    ':kim@contoso.com',
    'kim\t@contoso.com',
    'kim@contoso.com\r',
    '"a\rb"@contoso.com',
    '<kim@contoso.com>',
  ])('%j is none', (path) => {
    expect(readMailbox(path, false)).toBeUndefined();
  });

  test('beyond ASCII only where it is allowed', () => {
    expect(readMailbox('用户@例え.jp', true)).toMatchObject({ local: '用户', domain: '例え.jp' });
    expect(readMailbox('kim@contoso\u200b.com', true)).toBeUndefined();
    expect(readMailbox('k\ufffdm@contoso.com', true)).toBeUndefined();
  });

  test('the null path', () => {
    expect(readMailbox('', false)).toBe(NULL_PATH);
  });

  test('what is written reads back as the same, and holds nothing that could break out of <…>', () => {
    const char = fc.constantFrom(
      'a',
      'B',
      '.',
      '@',
      '"',
      '\\',
      ' ',
      '%',
      '!',
      '[',
      ']',
      ':',
      ',',
      '1',
      '-',
      '<',
      '>',
      '\r',
      '\n',
      '\0',
      'é',
    );
    fc.assert(
      fc.property(fc.string({ unit: char, maxLength: 20 }), fc.boolean(), (path, utf8) => {
        const mailbox = readMailbox(path, utf8);
        if (!mailbox) return;
        expect(readMailbox(mailbox.address, utf8)).toEqual(mailbox);
        expect(mailbox.address).not.toMatch(/[\r\n\0]/);
        const again = splitArgument(`TO:<${mailbox.address}> NOTIFY=NEVER`, 'TO');
        expect(again).toEqual({ path: mailbox.address, words: ['NOTIFY=NEVER'] });
        expect((mailbox.domain.match(/@/g) ?? []).length).toBe(0);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('the argument', () => {
  test.each([
    ['TO:<a@b>', 'a@b', []],
    ['to: <a@b>  X=1   Y', 'a@b', ['X=1', 'Y']],
    ['TO:<"a>b"@c> X', '"a>b"@c', ['X']],
    ['TO:<"a\\">"@c>', '"a\\">"@c', []],
    ['TO:a@b X', 'a@b', ['X']],
    ['TO:<>', '', []],
  ])('%j', (argument, path, words) => {
    expect(splitArgument(argument, 'TO')).toEqual({ path, words });
  });

  test.each(['TO', 'TO:', 'TO: ', 'FROM:<a@b>', 'TO<a@b>', 'TO :<a@b>', 'TO:<a@b', 'TO:<a@b>X', 'TO:<"a@b>', ''])(
    '%j is none',
    (argument) => {
      expect(splitArgument(argument, 'TO')).toBeUndefined();
    },
  );
});

describe('parameters', () => {
  test.each([
    [['size=5', 'BODY=8BITMIME', 'SMTPUTF8'], { SIZE: '5', BODY: '8BITMIME', SMTPUTF8: true }],
    [['AUTH=<>'], { AUTH: '<>' }],
    [[], {}],
  ])('%j', (words, parameters) => {
    expect(readParameters(words)).toEqual(parameters);
  });

  test.each([[['A=1', 'a=2']], [['=1']], [['A=']], [['A B']], [['-A=1']], [['A=\u0001']], [['Ä=1']]])(
    '%j is wrong',
    (words) => {
      expect(readParameters(words)).toBeUndefined();
    },
  );

  test('a name that JavaScript knows is a name like others', () => {
    expect(readParameters(['CONSTRUCTOR=1', '__PROTO__=2'])).toBeUndefined(); // `_` is no character of a keyword
    expect(readParameters(['CONSTRUCTOR=1'])).toEqual({ CONSTRUCTOR: '1' });
  });

  test.each([
    ['abc', true],
    ['a+2Bb', true],
    ['a+b', false],
    ['a=b', false],
    ['a b', false],
    ['a+2b', false],
  ])('xtext %s: %s', (value, good) => {
    expect(isXtext(value)).toBe(good);
  });
});
