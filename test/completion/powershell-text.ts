/**
 * Reads PowerShell text as far as is needed to say that it is well formed: strings, here-strings, comments and brackets
 * (about_Quoting_Rules, about_Comments); what stands in double quotes is read for the variables that expand in it.
 */

export interface PowerShellText {
  /** Brackets that do not match, strings and comments that do not end: what and on which line. */
  readonly problems: readonly string[];
  /** The text with the insides of comments and strings blanked, so that what remains is code. */
  readonly code: string;
  /** Variables that expand in double-quoted strings. */
  readonly expanded: ReadonlySet<string>;
  /** Insides of single-quoted strings. */
  readonly literals: readonly string[];
}

const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

export function readPowerShell(text: string): PowerShellText {
  const problems: string[] = [];
  const expanded = new Set<string>();
  const literals: string[] = [];
  const open: { bracket: string; line: number }[] = [];
  let code = '';
  let line = 1;
  /** Takes `length` characters; code keeps them, or blanks with the line breaks. */
  let at = 0;
  const take = (length: number, isCode: boolean) => {
    const part = text.slice(at, at + length);
    code += isCode ? part : part.replace(/[^\n]/g, ' ');
    line += part.split('\n').length - 1;
    at += length;
  };
  const until = (what: string, pattern: RegExp): number => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) problems.push(`line ${line}: ${what} does not end`);
    return found ? found.index + found[0].length - at : text.length - at;
  };
  while (at < text.length) {
    const rest = text.slice(at, at + 2);
    const c = rest[0]!;
    if (/[‘’‚‛“”„–—―]/.test(c)) problems.push(`line ${line}: ${c} counts as a plain quote or dash`);
    if (rest === '<#') take(until('a comment', /#>/g), false);
    else if (c === '#' && (at === 0 || /[\s(){};,|]/.test(text[at - 1]!))) take(until('a line', /\n|$/g), false);
    else if (rest === "@'" || rest === '@"') {
      const quote = rest[1]!;
      if (!/^@['"][ \t]*\n/.test(text.slice(at, at + 20))) problems.push(`line ${line}: text after ${rest}`);
      take(until('a here-string', quote === "'" ? /\n'@/g : /\n"@/g), false);
    } else if (c === "'") {
      const length = until('a string', /'(?:[^']|'')*'(?!')/y);
      literals.push(text.slice(at + 1, at + length - 1).replaceAll("''", "'"));
      take(length, false);
    } else if (c === '"') {
      const length = until('a string', /"(?:[^"`]|`[\s\S]|"")*"(?!")/y);
      const inside = text.slice(at + 1, at + length - 1).replace(/`[\s\S]/g, '  ');
      for (const match of inside.matchAll(/\$(\{[^}]*\}|\w+|\(|[^\s\w])/g)) expanded.add(match[1]!);
      take(length, false);
    } else if (c === '`') take(2, true);
    else {
      if ('([{'.includes(c)) open.push({ bracket: c, line });
      else if (')]}'.includes(c)) {
        const last = open.pop();
        if (last?.bracket !== PAIRS[c])
          problems.push(`line ${line}: ${c} closes ${last ? `${last.bracket} of line ${last.line}` : 'nothing'}`);
      }
      take(1, true);
    }
  }
  for (const { bracket, line: from } of open) problems.push(`line ${from}: ${bracket} is not closed`);
  return { problems, code, expanded, literals };
}

export interface FunctionText {
  readonly name: string;
  readonly binding: string;
  /** Each parameter's own text: attributes, type, name. */
  readonly parameters: readonly { readonly name: string; readonly text: string; readonly type: string }[];
  readonly body: string;
}

/** The functions at the outer level of a module's block, from its code and text. */
export function functionsIn(text: string): FunctionText[] {
  const { code } = readPowerShell(text);
  const found: FunctionText[] = [];
  for (const match of code.matchAll(/^function ([\w-]+) \{/gm)) {
    const start = match.index + match[0].length - 1;
    const end = closing(code, start);
    const param = code.indexOf('param(', start);
    const open = param + 'param'.length;
    const close = closing(code, open);
    const parameters = split(code.slice(open + 1, close), text.slice(open + 1, close));
    found.push({
      name: match[1]!,
      binding: text.slice(text.lastIndexOf('#>', param) + 2, param).trim(),
      parameters,
      body: text.slice(close + 1, end),
    });
  }
  return found;
}

function closing(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if ('([{'.includes(code[at]!)) depth++;
    else if (')]}'.includes(code[at]!) && --depth === 0) return at;
  }
  return code.length;
}

function split(code: string, text: string): FunctionText['parameters'] {
  const parameters: { name: string; text: string; type: string }[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= code.length; at++) {
    if ('([{'.includes(code[at] ?? ' ')) depth++;
    else if (')]}'.includes(code[at] ?? ' ')) depth--;
    else if ((code[at] === ',' && depth === 0) || at === code.length) {
      const own = text.slice(from, at).trim();
      const named = /(?:\[([\w.]+(?:\[\])?(?:\[[\w., ]+\])?)\] )?\$(\w+)(?: = .+)?$/.exec(own);
      if (own) parameters.push({ name: named?.[2] ?? own, text: own, type: named?.[1] ?? '' });
      from = at + 1;
    }
  }
  return parameters;
}
