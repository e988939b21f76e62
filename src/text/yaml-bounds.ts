/** What the YAML parser is not given: text that ends its stack, or takes it minutes. */

/** Levels of a YAML text. */
const DEEPEST = 100;
/** Characters of a YAML text; the parser takes a second or more for each million of them. */
const LONGEST = 16 * 1024 * 1024;

/** Why a YAML text is not read, in words that go on after "it is"; `undefined` when it is. */
export function yamlTooMuch(text: string): string | undefined {
  if (text.length > LONGEST)
    return `longer than ${LONGEST / 1024 / 1024} million characters, for which YAML is too slow; write it as JSON`;
  return deepestIndent(text) > 2 * DEEPEST ? `nested more than ${DEEPEST} levels deep` : undefined;
}

/** Brackets open at one time, and dashes at a line's start, at most: the YAML parser's own stack ends before ours does. */
function deepestIndent(text: string): number {
  let open = 0;
  let deepest = 0;
  for (const m of text.matchAll(/[[{]|[\]}]|^(?:[ \t]*[-?:][ \t]+)+/gm)) {
    if (m[0] === '[' || m[0] === '{') deepest = Math.max(deepest, ++open);
    else if (m[0] === ']' || m[0] === '}') open = Math.max(0, open - 1);
    else deepest = Math.max(deepest, m[0].replace(/[^-?:]/g, '').length);
  }
  return deepest;
}
