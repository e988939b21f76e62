/** Pieces of random texts: how they are put together, and the constants that stand in all of them. */
import fc from 'fast-check';

export type Text = fc.Arbitrary<string>;

export const pick = (...options: readonly string[]): Text => fc.constantFrom(...options);
export const join = (...parts: readonly (Text | string)[]): Text =>
  fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((all) => all.join(''));
/** Some of `item`, with `separator` between. */
export const some = (item: Text, separator: string, minLength: number, maxLength: number): Text =>
  fc.array(item, { minLength, maxLength }).map((all) => all.join(separator));

export const int: Text = fc.integer({ min: -1000, max: 1000 }).map((n) => (n < 0 ? `(${n})` : String(n)));
export const small: Text = fc.integer({ min: -2, max: 12 }).map((n) => (n < 0 ? `(${n})` : String(n)));
export const real: Text = fc
  .tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 }))
  .map(([a, b]) => `${a}.${b}`);
export const number: Text = fc.oneof(
  { weight: 3, arbitrary: int },
  { weight: 2, arbitrary: real },
  pick('1KB', '0x1F', '1e3', '2MB', '.5', '1.5KB', '2147483647', '0', '0.1', '1.10', '1e-5', '12345678.9'),
);
export const word: Text = pick(
  "'abc'",
  "'Relay'",
  "'10'",
  "'2.5'",
  "''",
  "'a,b;c'",
  "'Default EX'",
  "'  x '",
  "'A1b2'",
  "'zeta'",
  "'éa'",
  '"a-b"',
  "'ABC'",
  "'1e2'",
  "'0x10'",
  "'ß'",
  "'-5'",
  "'a*b'",
  "'x`y'",
  '"a`tb"',
  "'true'",
  "'00:05:00'",
  "'2026-02-03'",
  "'10.0.0.1'",
  "'it''s'",
);
export const truth: Text = pick('$true', '$false');
export const list: Text = join('@(', some(fc.oneof(int, word), ', ', 0, 4), ')');
export const date: Text = pick(
  "([datetime]'2026-01-31')",
  "([datetime]'2026-11-28 13:04:05')",
  "([datetime]'2024-02-29T23:59:59.5')",
  "([datetime]'1999-12-31 00:00')",
  "([datetime]'03/07/2025 7:08:09 PM')",
  '(Get-Date -Year 2026 -Month 3 -Day 9 -Hour 5 -Minute 6 -Second 7 -Millisecond 8)',
);
export const span: Text = pick(
  "([timespan]'00:05:00')",
  "([timespan]'1.02:03:04')",
  "([timespan]'-00:00:01.5')",
  '([timespan]::FromMinutes(90.5))',
  '(New-TimeSpan -Hours 25)',
);
export const table: Text = join(
  '@{',
  some(join(pick('a', 'B', "'c d'", 'e1'), '=', fc.oneof(int, word, truth)), '; ', 0, 1),
  '}',
);
export const scalar: Text = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 4, arbitrary: word },
  truth,
  pick('$null'),
);
