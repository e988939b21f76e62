/** Where a JSON text is wrong, and where a value stands, by line and column. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateKeys, JsonSyntaxError, keysTwice, nodeAt, outline, placeAt } from '../../src/store/json-text.ts';

function problem(text: string): string {
  try {
    outline(text);
    return 'none';
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const { line, column } = placeAt(text, error.offset);
    return `${line}:${column} ${error.message}`;
  }
}

describe('mistakes', () => {
  const table: [text: string, said: string][] = [
    ['{"a": 1,}', '1:9 there is a comma before this } that must go'],
    ['{"a": [1,\n2,]}', '2:3 there is a comma before this ] that must go'],
    ['{"a" 1}', '1:6 a : is expected here, not "1"'],
    ['{"a": 1 "b": 2}', '1:9 a comma or } is expected here, not "\\""'],
    ['{a: 1}', '1:2 a "key" is expected here, not "a"'],
    ["{'a': 1}", `1:2 a "key" is expected here, not ' (texts stand in double quotes)`],
    ['{"a": tru}', '1:7 a value is expected here, not "t"'],
    ['{"a": 01}', '1:7 a value is expected here, not "0"'],
    ['{"a": .5}', '1:7 a value is expected here, not "."'],
    ['{"a": 1', '1:8 the text ends here; a } is missing'],
    ['{"a":', '1:6 the text ends here, in the middle'],
    ['{"a": "b\n"}', '1:7 this text has no closing quote'],
    ['{"a": "\\x"}', '1:8 this \\ escapes nothing known'],
    ['{"a": "\t"}', '1:8 a control character must be escaped in a text'],
    ['// c\n{}', '1:1 a value is expected here, not a comment (JSON has none)'],
    ['{} {}', '1:4 there is more after the end'],
    ['\ufeff{"a": 1,\r\n\r\n  "b": }', '3:8 a value is expected here, not "}"'],
    ['\ufeff{a}', '1:2 a "key" is expected here, not "a"'],
    ['', '1:1 the text ends here, in the middle'],
    ['['.repeat(300), '1:202 this is nested too deeply'],
  ];
  for (const [text, said] of table) it(JSON.stringify(text.slice(0, 30)), () => expect(problem(text)).toBe(said));

  it('are found exactly where JSON.parse refuses a text', () => {
    const parses = (text: string) => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const broken = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.nat(3),
        fc.constantFrom('', ',', '"', '}', ']', ':', '0', '-', '\\', '\n', 'e', '\u0001'),
      )
      .map(([json, at, drop, put]) => {
        const cut = at % (json.length + 1);
        return json.slice(0, cut) + put + json.slice(cut + drop);
      });
    fc.assert(
      fc.property(broken, (text) => {
        expect(problem(text) === 'none', text).toBe(parses(text));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('places', () => {
  const text = '{\n  "connectors": [\n    { "Name": "A" },\n    { "Name": "B",\n      "MaxHopCount": 900 }\n  ]\n}';
  const place = (...path: (string | number)[]) => placeAt(text, nodeAt(outline(text), path).start);
  it('of values, and of the nearest one above when there is none', () => {
    expect(place('connectors', 1, 'MaxHopCount')).toEqual({ line: 5, column: 22 });
    expect(place('connectors', 1, 'Missing')).toEqual({ line: 4, column: 5 });
    expect(place('connectors', 7)).toEqual({ line: 2, column: 17 });
    expect(place()).toEqual({ line: 1, column: 1 });
  });

  it('of keys that stand twice', () => {
    const twice = '{"a": 1, "b": {"c": 1, "c": 2}, "a": 3}';
    expect(duplicateKeys(outline(twice)).map(({ key, offset }) => `${key} ${offset}`)).toEqual(['c 23', 'a 32']);
  });

  it.each([
    ['{"a": "::1", "b": ["::", "x\\":1"]}', []],
    ['{"a": "::1", "a": 2}', ['a']],
    ['{"a":[1],"a"\n:"::"}', ['a']],
    ['{"":0,"":1}', ['']],
  ])('told by their number first, whatever the texts hold: %s', (text, keys) => {
    expect(keysTwice(text, JSON.parse(text)).map(({ key }) => key)).toEqual(keys);
  });
});
