/** Errors and warnings on a terminal: lines end at words, and what is to be typed stays whole. */
import { expect, test } from 'vitest';
import { fill } from '../../src/text/fill.ts';

test.each([
  ['short', 'short'],
  ['one two three four five six seven eight', 'one two three four five six\n    seven eight'],
  ['  - one two three four five six seven', '  - one two three four five\n      six seven'],
  ['first\n  second is longer than the line is', 'first\n  second is longer than the\n      line is'],
  ['x'.repeat(40), 'x'.repeat(40)],
  [`a ${'x'.repeat(40)} b`, `a\n    ${'x'.repeat(40)}\n    b`],
  ['To mend it: rc set Relay --bindings 127.0.0.1:25', 'To mend it:\n    rc set Relay --bindings 127.0.0.1:25'],
  [
    'Nothing: rc set Relay --enabled true. See more of it: rc get',
    'Nothing:\n    rc set Relay --enabled true.\n    See more of it: rc get',
  ],
])('%j', (text, lines) => {
  expect(fill(text, 30)).toBe(lines);
});
