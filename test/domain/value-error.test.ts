import { expect, test } from 'vitest';
import { jsonText } from '../../src/print/json.ts';
import { printable } from '../../src/text/printable.ts';

test.each([
  ['\u001b[31m', '\\u{1b}[31m'],
  ['a\u00adb', 'a\\u{ad}b'],
  ['\u061c', '\\u{61c}'],
  ['\u202e\u2066\u206f', '\\u{202e}\\u{2066}\\u{206f}'],
  ['\u3164\uffa0', '\\u{3164}\\u{ffa0}'],
  ['x\u{e0041}y', 'x\\u{e0041}y'],
  ['\ud800 \udc00', '\\u{d800} \\u{dc00}'],
  ['Jörg 日本 𝒳 👍', 'Jörg 日本 𝒳 👍'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
  const json = jsonText(text);
  expect(JSON.parse(json)).toBe(text);
  expect(printable(json)).toBe(json);
});
