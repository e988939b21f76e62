/** Rules of FaultRules: what is read, what is refused and how, and how a list is split. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FAULT_STAGES, type FaultRule, parseFaultRule, splitRules } from '../../src/domain/fault-rule.ts';
import { SETTINGS } from '../../src/domain/settings.ts';

const rule = (text: string) => parseFaultRule(text) as FaultRule;

describe('what it says', () => {
  test.each([
    ['rcpt 451 4.3.0 first 3', 'rcpt', { kind: 'reply', code: 451, enhanced: '4.3.0' }, { first: 3 }],
    ['RCPT 550 "No, never"', 'rcpt', { kind: 'reply', code: 550, enhanced: '', text: 'No, never' }, {}],
    ['message lose-reply every 2', 'message', { kind: 'lose-reply' }, { every: 2 }],
    ['helo delay 1.5s always', 'helo', { kind: 'delay', ms: 1500 }, {}],
    ['data slow 20ms for 10m', 'data', { kind: 'slow', ms: 20 }, { forMs: 600_000 }],
    ['starttls cut-tls 12.5% seed 7', 'starttls', { kind: 'cut-tls' }, { percent: 12.5, seed: 7 }],
    ['connect 421 "Busy"', 'connect', { kind: 'reply', code: 421, text: 'Busy' }, {}],
    ['quit never-answer', 'quit', { kind: 'never-answer' }, {}],
  ])('%s', (text, stage, action, when) => {
    expect(rule(text)).toMatchObject({ text, stage, action });
    expect(rule(text).when).toEqual(when);
  });

  test('patterns and ranges', () => {
    const { when } = rule('rcpt 450 recipient *@contoso.com sender "a b@*" from 10.0.0.0/8');
    expect(when.recipient!.matches('KIM@CONTOSO.COM')).toBe(true);
    expect(when.recipient!.matches('kim@fabrikam.com')).toBe(false);
    expect(when.sender!.matches('a b@x')).toBe(true);
    expect(when.from!.contains(4, 0x0a010203n)).toBe(true);
  });
});

test.each([
  ['', 'is empty'],
  ['lunch 451', 'no stage'],
  ['rcpt', 'no more than the stage'],
  ['rcpt 199', '200 to 599'],
  ['rcpt 600', '200 to 599'],
  ['rcpt explode', 'nothing that could happen'],
  ['rcpt 451 "never ends', 'without its other half'],
  ['rcpt 451 "ü"', 'not ASCII'],
  ['rcpt delay', '5s'],
  ['rcpt delay 5', '5s'],
  ['rcpt delay 25h', '5s'],
  ['rcpt slow 0ms', '5s'],
  ['rcpt cut-tls', 'belongs to starttls'],
  ['quit lose-reply', 'belongs to'],
  ['connect 250', '400 to 599'],
  ['rcpt 451 sometimes', 'may stand'],
  ['rcpt 451 first', 'ends after first'],
  ['rcpt 451 first 0', 'a whole number from 1'],
  ['rcpt 451 first 1 first 2', 'twice'],
  ['rcpt 451 every x', 'a whole number from 1'],
  ['rcpt 451 0%', '0.0001%'],
  ['rcpt 451 101%', '0.0001%'],
  ['rcpt 451 seed 1', 'no percentage'],
  ['rcpt 451 from nowhere', 'CIDR'],
  ['rcpt 451 recipient [a', 'wildcard'],
  ['mail 451 recipient *', 'none yet'],
  ['helo 451 sender *', 'none yet'],
  ['rcpt 451 for ever', 'a time'],
])('%s is refused: %s', (text, problem) => {
  expect(parseFaultRule(text)).toContain(problem);
});

test('a list is split at commas outside quotation marks, and is taken as it prints', () => {
  const rules = ['rcpt 451 "Busy, later" first 1', 'mail drop'];
  expect(splitRules(rules.join(','))).toEqual(rules);
  expect(splitRules(`{${rules.join(', ')}}`)).toEqual(rules);
  expect(splitRules([rules[0], `${rules[1]},quit   drop`])).toEqual([...rules, 'quit drop']);
  expect(SETTINGS.FaultRules.kind.parse(rules)).toEqual(rules);
  expect(() => SETTINGS.FaultRules.kind.parse('rcpt 451 sometimes')).toThrow(/first N/);
});

test('anything at all is a rule or a problem in words', () => {
  const word = fc.oneof(
    fc.constantFrom(
      ...FAULT_STAGES,
      '451',
      '4.3.0',
      'delay',
      '5s',
      'first',
      '3',
      '10%',
      'seed',
      'from',
      '::1',
      'sender',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const read = parseFaultRule(words.join(' '));
      if (typeof read === 'string') expect(read).not.toBe('');
      else expect(parseFaultRule(read.text)).toMatchObject({ stage: read.stage });
    }),
  );
});
