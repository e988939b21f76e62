/** Comparison operators: about_Comparison_Operators, and settings as what they are. */
import { describe, expect, test } from 'vitest';
import { binding } from '../../src/domain/address-kind.ts';
import { parseRange } from '../../src/domain/range.ts';
import { parseSize } from '../../src/domain/size.ts';
import { parseSpan } from '../../src/domain/span.ts';
import { Flags, UNLIMITED } from '../../src/domain/value.ts';
import { type Comparison, compareEqual, compareValues, order } from '../../src/pipeline/compare.ts';
import { CmdletError } from '../../src/pipeline/error.ts';
import { sortOrder } from '../../src/pipeline/sort-order.ts';
import type { Value } from '../../src/pipeline/value.ts';

const size = (text: string) => parseSize(text)!;
const span = (text: string) => parseSpan(text)!;
const range = (text: string) => parseRange(text);
const at = (text: string) => binding.parse(text);
const flags = new Flags(['Tls', 'BasicAuth']);

const TABLE: readonly [left: Value, op: Comparison, right: Value, gives: Value][] = [
  // Texts: without regard to case, in dictionary order.
  ['Relay', 'eq', 'RELAY', true],
  ['Relay', 'ne', 'relay', false],
  ['a', 'lt', 'B', true],
  ['b', 'gt', 'A', true],
  ['Straße', 'eq', 'straße', true],
  ['10', 'eq', 10, true],
  ['10', 'lt', 9, true], // the left is text, so 9 is too
  ['', 'eq', null, false],
  // Numbers: the right is read as one.
  [10, 'eq', '10', true],
  [10, 'gt', '9', true],
  [10, 'lt', '0x10', true],
  [1024, 'eq', '1KB', true],
  [5, 'eq', 'abc', false],
  [1, 'eq', true, true],
  // Truth values; the word "false" means false.
  [true, 'eq', 'true', true],
  [false, 'eq', 'false', true],
  [false, 'eq', '$false', true],
  [true, 'eq', 1, true],
  [false, 'eq', 0, true],
  [false, 'eq', '', true],
  // $null equals only itself and is less than what is not negative.
  [null, 'eq', null, true],
  [null, 'eq', 0, false],
  [0, 'eq', null, false],
  [null, 'lt', 1, true],
  [null, 'gt', -1, true],
  // Sizes are quantities.
  [size('36MB'), 'eq', '36 MB', true],
  [size('36MB'), 'eq', '36864KB', true],
  [size('36MB'), 'eq', '36 MB (37,748,736 bytes)', true],
  [size('36MB'), 'gt', '30MB', true],
  [size('36MB'), 'gt', 30 * 1024 ** 2, true],
  [size('36MB'), 'lt', '1GB', true],
  [size('9MB'), 'lt', size('10MB'), true],
  [30 * 1024 ** 2, 'lt', size('36MB'), true],
  ['30MB', 'lt', size('36MB'), true],
  ['36MB', 'eq', size('36MB'), true],
  [size('36MB'), 'eq', 'large', false],
  // Spans; a number is seconds.
  [span('00:10:00'), 'gt', '00:05:00', true],
  [span('1.00:00:00'), 'gt', '23:59:59', true],
  [span('00:10:00'), 'eq', '0:10:00', true],
  [span('00:05:00'), 'eq', 300, true],
  [span('00:05:00'), 'le', '300', true],
  // Limits: Unlimited is above every number.
  [UNLIMITED, 'gt', 2147483647, true],
  [UNLIMITED, 'eq', 'unlimited', true],
  [UNLIMITED, 'eq', UNLIMITED, true],
  [5000, 'lt', UNLIMITED, true],
  [5000, 'lt', 'Unlimited', true],
  [UNLIMITED, 'lt', 5, false],
  [5, 'eq', UNLIMITED, false],
  // Flags are sets.
  [flags, 'eq', 'Tls, BasicAuth', true],
  [flags, 'eq', 'basicauth,tls', true],
  [flags, 'eq', 'Tls', false],
  [flags, 'ne', 'Tls', true],
  [flags, 'like', '*tls*', true],
  [flags, 'contains', 'basicAuth', true],
  [flags, 'contains', 'Integrated', false],
  [new Flags([]), 'eq', 'None', true],
  ['Tls, BasicAuth', 'eq', flags, true],
  // Ranges and bindings are equal however they are written.
  [range('10.1.2.0/24'), 'eq', '10.1.2.0-10.1.2.255', true],
  [range('::1'), 'eq', '0:0:0:0:0:0:0:1', true],
  [range('10.1.2.3'), 'eq', '10.1.2.4', false],
  ['10.1.2.0-10.1.2.255', 'eq', range('10.1.2.0/24'), true],
  [at('[::]:25'), 'eq', '[0::0]:25', true],
  [at('0.0.0.0:25'), 'like', '*:25', true],
  [range('10.0.0.2'), 'lt', '10.0.0.10', true],
  // Dates.
  [new Date('2024-05-01T10:00:00Z'), 'lt', '2024-05-02T00:00:00Z', true],
  [new Date('2024-05-01T10:00:00Z'), 'eq', '2024-05-01T12:00:00+02:00', true],
  // Wildcards and regular expressions.
  ['Default Frontend', 'like', 'default*', true],
  ['Default Frontend', 'notlike', '*front*', false],
  [25, 'like', '2?', true],
  ['Default Frontend EX01', 'match', '^default .* ex\\d+$', true],
  ['Default', 'notmatch', 'x', true],
  ['a\nb', 'match', '^b$', false],
  // Lists.
  [['a', 'b'], 'contains', 'B', true],
  [['a', 'b'], 'notcontains', 'c', true],
  ['B', 'in', ['a', 'b'], true],
  ['c', 'notin', ['a', 'b'], true],
  ['10.1.2.0-10.1.2.255', 'in', [range('10.1.2.0/24')], true],
  [[range('10.1.2.0/24')], 'contains', '10.1.2.0/24', true],
  ['a', 'in', 'a', true],
  [['ab', 'cd', 'aB'], 'eq', 'ab', ['ab', 'aB']],
  [['ab', 'cd'], 'ne', 'ab', ['cd']],
  [['ab', 'cd', 'ax'], 'like', 'a*', ['ab', 'ax']],
  [['ab', 'cd'], 'match', 'c', ['cd']],
  [[1, 5, 9], 'gt', 4, [5, 9]],
  [[1, null, 2], 'ne', null, [1, 2]],
];

describe('operators', () => {
  test.each(TABLE)('%s -%s %s', (left, op, right, gives) => {
    expect(compareValues(op, left, right)).toEqual(gives);
  });

  test('the c- forms tell upper from lower case', () => {
    expect(compareValues('eq', 'a', 'A', true)).toBe(false);
    expect(compareValues('like', 'abc', 'A*', true)).toBe(false);
    expect(compareValues('match', 'abc', 'A', true)).toBe(false);
    expect(compareValues('contains', ['a'], 'A', true)).toBe(false);
    expect(compareValues('in', 'A', ['a'], true)).toBe(false);
    expect(order('a', 'A', true)).not.toBe(0);
  });

  test.each([
    [5, 'abc'],
    [size('1MB'), 'large'],
    [span('00:01:00'), 'soon'],
    [new Date(0), 'never'],
    [range('10.0.0.1'), 'host'],
  ])('%s -gt %s cannot be said and is refused', (left, right) => {
    expect(() => compareValues('gt', left, right)).toThrow(CmdletError);
    expect(compareEqual(left, right)).toBe(false);
  });

  test('a wrong pattern is refused by name', () => {
    expect(() => compareValues('like', 'x', '[a')).toThrow(/\[a/);
    expect(() => compareValues('match', 'x', '(')).toThrow("Invalid pattern '(' at offset 1. Not enough )'s.");
  });

  test('sorting never fails: what has no order is put in the order of its text', () => {
    expect(sortOrder(5, 'abc')).toBeLessThan(0);
    expect(sortOrder(null, 5)).toBeLessThan(0);
    expect(sortOrder(null, null)).toBe(0);
  });
});

describe('-match is bounded', () => {
  test.each(['(a+)+$', '(a|aa)+$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(a*)*b', '(.*a){20}b'])(
    '%s is given up',
    (pattern) => {
      expect(() => compareValues('match', `${'a'.repeat(60)}!`, pattern)).toThrow(/takes too long/);
    },
  );

  test('many repetitions in a row on a long text are given up or done in no time', () => {
    const text = `${'a'.repeat(20000)}!`;
    expect(() => compareValues('match', text, 'a*a*a*a*a*b')).toThrow(/takes too long/);
    expect(compareValues('match', text, 'a!$')).toBe(true);
    expect(compareValues('match', 'Default Frontend EX01', '^.*default.*front.*ex.*$')).toBe(true);
  });

  test('the same patterns match what they match quickly', () => {
    expect(compareValues('match', 'aaa', '^(a+)+$')).toBe(true);
    expect(compareValues('match', '192.168.5.10', '^(\\d{1,3}\\.){3}\\d{1,3}$')).toBe(true);
  });

  test.each([
    ['(?i)RELAY', 'relay', true],
    ['(?-i)RELAY', 'relay', false],
    ['(?s)a.b', 'a\nb', true],
    ['(?m)^b', 'a\nb', true],
    ['\\Arelay\\z', 'relay', true],
    ['relay\\Z', 'relay\n', true],
    ['(?<name>r)elay', 'relay', true],
    ['\\-x', '-x', true],
    ['[[]', '[', true],
    ['\\d+(?=MB)', '36MB', true],
  ])('%s on %j', (pattern, text, matches) => {
    expect(compareValues('match', text, pattern)).toBe(matches);
  });

  test.each(['(?>a)', 'a(?i)b', '(?x)a', '(?#note)a', '(?(a)b|c)'])('%s is refused by name', (pattern) => {
    expect(() => compareValues('match', 'a', pattern)).toThrow(CmdletError);
  });
});
