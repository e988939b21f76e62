import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inOneLine, NotSmtp, ReplyReader, type ServerReply } from '../../src/smtp/client/reply-reader.ts';

const read = (text: string): ServerReply[] => new ReplyReader().take(Buffer.from(text, 'latin1'));

test.each([
  ['220 mail.contoso.com ESMTP\r\n', { code: 220, enhanced: '', text: 'mail.contoso.com ESMTP' }],
  ['250 2.1.5 Ok\r\n', { code: 250, enhanced: '2.1.5', text: 'Ok' }],
  ['250\r\n', { code: 250, enhanced: '', text: '' }],
  ['550-5.1.1 No such\n550 5.1.1 user\n', { code: 550, enhanced: '5.1.1', text: 'No such user' }],
  ['550 5.1.1234 x\r\n', { code: 550, enhanced: '', text: '5.1.1234 x' }],
  ['421 4.7.0\r\n', { code: 421, enhanced: '4.7.0', text: '' }],
  ['550 k\xc3\xb6ln\r\n', { code: 550, enhanced: '', text: 'köln' }],
  ['550 k\xf6ln\r\n', { code: 550, enhanced: '', text: 'köln' }],
])('%j', (text, expected) => {
  expect(read(text)).toMatchObject([expected]);
});

describe('what is no reply', () => {
  test.each([
    ['HTTP/1.1 400 Bad Request\r\n'],
    ['\r\n'],
    ['99 x\r\n'],
    ['600 x\r\n'],
    ['250x\r\n'],
    ['250- first\r\nsecond\r\n'],
    [`250 ${'x'.repeat(70_000)}`],
    [`250 ${'x'.repeat(70_000)}\r\n`],
    ['250-x\r\n'.repeat(1001)],
    ['250-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n'.repeat(900)],
  ])('%.40j', (text) => {
    expect(() => read(text)).toThrow(NotSmtp);
  });
});

test('pieces make no difference, and replies come in their order', () => {
  const line = fc.stringMatching(/^[\x20-\x7e]{0,40}$/);
  const reply = fc.tuple(fc.integer({ min: 200, max: 599 }), fc.array(line, { minLength: 1, maxLength: 4 }));
  fc.assert(
    fc.property(fc.array(reply, { maxLength: 5 }), fc.integer({ min: 1, max: 30 }), (replies, step) => {
      const text = replies
        .flatMap(([code, lines]) => lines.map((l, i) => `${code}${i === lines.length - 1 ? ' ' : '-'}${l}\r\n`))
        .join('');
      const reader = new ReplyReader();
      const found: ServerReply[] = [];
      for (let at = 0; at < text.length; at += step) found.push(...reader.take(Buffer.from(text.slice(at, at + step))));
      expect(found).toEqual(read(text));
      expect(found.map(({ code }) => code)).toEqual(replies.map(([code]) => code));
      expect(reader.begun).toBe(false);
      for (const one of found) expect(inOneLine(one)).toMatch(/^\d{3}/);
    }),
  );
});
