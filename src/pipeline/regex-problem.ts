/** What is wrong with a regular expression, in .NET's words (RegexParser.cs): `Invalid pattern '(' at offset 1. Not enough )'s.` */

/** @param why our engine's word */
export function regexProblem(pattern: string, why: string): string {
  const [offset, words] = problem(pattern, why);
  return `Invalid pattern '${pattern}' at offset ${offset}. ${words}`;
}

function problem(pattern: string, why: string): readonly [offset: number, words: string] {
  const end = pattern.length;
  const behind = (part: RegExp) => {
    const found = part.exec(pattern);
    return found ? found.index + found[0].length : end;
  };
  if (why.startsWith('Unterminated group'))
    return /\(\?(?:<\w*)?$/.test(pattern) ? [end, 'Unrecognized grouping construct.'] : [end, "Not enough )'s."];
  if (why.startsWith('Unterminated character class')) return [end, 'Unterminated [] set.'];
  if (why.startsWith('\\ at end')) return [end, 'Illegal \\ at end of pattern.'];
  if (why.startsWith('numbers out of order')) {
    const counted = [...pattern.matchAll(/\{(\d+),(\d+)\}/g)];
    const backwards = counted.find(([, least, most]) => Number(least) > Number(most));
    return [backwards ? backwards.index + backwards[0].length : end, 'Illegal {x,y} with x > y.'];
  }
  if (why.startsWith('Invalid capture group name'))
    return [behind(/\(\?<\d*/), 'Invalid group name: Group names must begin with a word character.'];
  if (why.startsWith('Invalid group')) return [behind(/\(\?[^:=!<]/), 'Unrecognized grouping construct.'];
  return (
    outOfPlace(pattern, why) ?? [end, `${why}.`] // what .NET takes, or what no text here has come to
  );
}

/** A bracket, a quantifier or a range that cannot stand where it does. */
function outOfPlace(pattern: string, why: string): readonly [offset: number, words: string] | undefined {
  let depth = 0;
  /** What a quantifier would be about. */
  let before: 'nothing' | 'one' | 'quantifier' = 'nothing';
  for (const { 0: part, index } of pattern.matchAll(
    /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?(?:[:=!]|<[=!]?)|[*+?]\??|[\s\S]/g,
  )) {
    const at = index + 1;
    if (part.startsWith('[') && part.length > 1) {
      if (why.startsWith('Range out of order')) {
        const range = [...part.matchAll(/([^\\])-([^\]\\])/g)].find(([, low, high]) => low! > high!);
        if (range) return [index + range.index + range[0].length, '[x-y] range in reverse order.'];
      }
      before = 'one';
    } else if (part.startsWith('(')) {
      depth++;
      before = 'nothing';
    } else if (part === ')') {
      if (--depth < 0) return [at, "Too many )'s."];
      before = 'one';
    } else if (/^[*+?]/.test(part)) {
      if (before === 'nothing') return [at, `Quantifier '${part[0]}' following nothing.`];
      if (before === 'quantifier') return [at, `Nested quantifier '${part[0]}'.`];
      before = 'quantifier';
    } else before = part === '|' ? 'nothing' : 'one';
  }
  return undefined;
}
