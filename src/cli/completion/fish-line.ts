/**
 * Fish has no `noglob`: this puts the unquoted wildcards among the arguments of certain commands into quotes, and `$true`
 * and `$false`, which are nothing in fish.
 */

const BEFORE_A_COMMAND = new Set([
  'and',
  'or',
  'not',
  '!',
  'if',
  'while',
  'begin',
  'else',
  'time',
  'builtin',
  'command',
]);

/** The line with the wildcards of these commands' arguments quoted; everything else is as it was. */
export function quoteFishWildcards(line: string, commands: ReadonlySet<string>): string {
  let out = '';
  let ours = false;
  let expectsCommand = true;
  let isRedirection = false;
  const outer: boolean[] = [];
  for (let at = 0; at < line.length; ) {
    const c = line[at]!;
    if (c === '#' && (at === 0 || /[\s;|&(]/.test(line[at - 1]!))) {
      const end = line.indexOf('\n', at);
      const comment = line.slice(at, end < 0 ? undefined : end);
      out += comment;
      at += comment.length;
    } else if (/[\s;|&()<>]/.test(c)) {
      if (c === '(') outer.push(ours);
      if (c === ')') {
        ours = outer.pop() ?? false;
        expectsCommand = false;
      } else if (c === '<' || c === '>') isRedirection = true;
      else if (!/[ \t]/.test(c) && !(c === '&' && isRedirection)) {
        ours = false;
        expectsCommand = true;
      }
      out += c;
      at++;
    } else {
      const word = wordAt(line, at);
      at += word.length;
      if (isRedirection) isRedirection = false;
      else if (expectsCommand) {
        if (!BEFORE_A_COMMAND.has(word) && !/^\w+=/.test(word)) {
          ours = commands.has(word);
          expectsCommand = false;
        }
      } else if (ours) {
        out += quoted(word);
        continue;
      }
      out += word;
    }
  }
  return out;
}

/** A word as typed, quotes and all, up to a blank, an operator or a parenthesis. */
function wordAt(line: string, from: number): string {
  return /^(?:\\[\s\S]|'(?:\\[\s\S]|[^'\\])*(?:'|$)|"(?:\\[\s\S]|[^"\\])*(?:"|$)|[^\s;|&()<>\\'"])+|^[\s\S]/.exec(
    line.slice(from),
  )![0];
}

/** What fish would expand and we would not: `*`, `?`, `$true`, `$false`. */
const EXPANDS = /[*?]|\$(?:true|false)\b/i;
const PARTS = /\\[\s\S]|'(?:\\[\s\S]|[^'\\])*'?|"(?:\\[\s\S]|[^"\\])*"?|[*?]|\$(?:true|false)\b/gi;

function quoted(word: string): string {
  if (!EXPANDS.test(word)) return word;
  if (/^[^\\'"$~{}]+$/.test(word)) return `'${word}'`;
  return word.replace(PARTS, (part) => (/^[*?$]/.test(part) ? `\\${part}` : part));
}
