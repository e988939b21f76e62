/**
 * Regular expressions of -match, bounded: a pattern that can only run in time near the text's length runs as it is; any
 * other runs under a time limit, and is refused when it passes it. Patterns are .NET's as far as JavaScript agrees;
 * `\A`, `\z`, `\Z`, `(?i)` and `(?s)` in front are translated, and what has no counterpart is refused by name.
 */
import type * as Vm from 'node:vm';
import { show } from '../text/printable.ts';
import { CmdletError, usage } from './error.ts';
import { regexProblem } from './regex-problem.ts';

/** The id of the error of a pattern that is no regular expression; others of patterns that are not taken have their own. */
export const WRONG_REGEX = 'System.Text.RegularExpressions.RegexParseException';

/** Longest a single match may take, in milliseconds. */
const MATCH_MS = 250;
/** An interrupted match that had less of the processor than half of that was kept from it by others: it is tried again, so often. */
const TRIES = 20;
/** Longest that all matches of one pattern under the time limit may take together: a filter over thousands of objects ends. */
const PATTERN_MS = 5000;
const LONGEST_PATTERN = 2048;

export class SafeRegex {
  readonly #ascii: RegExp;
  #any: RegExp | undefined;
  readonly #safeLength: number;

  private constructor(
    readonly pattern: string,
    regex: RegExp,
  ) {
    this.#ascii = regex;
    this.#safeLength = safeLength(pattern);
  }

  static readonly #cache = new Map<string, SafeRegex>();

  /** @throws CmdletError (usage) when the pattern is no regular expression, or one we do not take. */
  static of(pattern: string, caseSensitive = false): SafeRegex {
    const key = (caseSensitive ? 'c' : 'i') + pattern;
    const known = SafeRegex.#cache.get(key);
    if (known) return known;
    if (SafeRegex.#cache.size >= 100) SafeRegex.#cache.clear();
    const made = new SafeRegex(pattern, translate(pattern, caseSensitive));
    SafeRegex.#cache.set(key, made);
    return made;
  }

  /** The match, or null. @throws CmdletError when it takes too long. */
  exec(text: string): RegExpExecArray | null {
    const regex = this.#for(text);
    if (text.length <= this.#safeLength) return regex.exec(text);
    return this.#measured(() => timed(regex, text, this.pattern));
  }

  test(text: string): boolean {
    return this.exec(text) !== null;
  }

  /** All matches, one behind the other (-replace, -split). @throws CmdletError when it takes too long. */
  all(text: string): RegExpExecArray[] {
    const { source, flags } = this.#for(text);
    const regex = new RegExp(source, `${flags}g`);
    if (text.length <= this.#safeLength) return [...text.matchAll(regex)];
    return this.#measured(() => timed(regex, text, this.pattern, 'all'));
  }

  #spent = 0;
  #measured<T>(match: () => T): T {
    if (this.#spent > PATTERN_MS) {
      this.#spent = 0; // the next statement may try again
      throw tooSlow(this.pattern, `on all these texts together (over ${PATTERN_MS / 1000} s)`);
    }
    const begun = process.cpuUsage();
    try {
      return match();
    } finally {
      this.#spent += usedSince(begun);
    }
  }

  /** In .NET \w, \d and \b know the letters and digits of all scripts; with ASCII it comes to the same and is quicker. */
  #for(text: string): RegExp {
    if (!NOT_ASCII.test(text)) return this.#ascii;
    this.#any ??= ofAllScripts(this.#ascii);
    return this.#any;
  }
}

const NOT_ASCII = /[^\x00-\x7f]/;
const WORD = '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}';
const SCRIPTS: Readonly<Record<string, readonly [alone: string, inClass: string | undefined]>> = {
  w: [`[${WORD}]`, WORD],
  W: [`[^${WORD}]`, undefined],
  d: ['\\p{Nd}', '\\p{Nd}'],
  D: ['\\P{Nd}', '\\P{Nd}'],
  b: [`(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`, undefined],
  B: [`(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`, undefined],
};

/** A pattern that only the lenient mode takes stays as it is. */
function ofAllScripts(regex: RegExp): RegExp {
  if (!regex.unicode || !/\\[wWdDbB]/.test(regex.source)) return regex;
  let isInClass = false;
  const source = regex.source.replace(/\\([\s\S])|[[\]]/g, (whole, char: string | undefined) => {
    if (char === undefined) isInClass = whole === '[' || (isInClass && whole !== ']');
    return (char && SCRIPTS[char]?.[isInClass ? 1 : 0]) ?? whole;
  });
  return new RegExp(source, regex.flags);
}

/** .NET's anchors of the whole text. */
const ANCHORS: Readonly<Record<string, string>> = {
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  Z: '(?=\\n?(?![\\s\\S]))',
};

function translate(pattern: string, caseSensitive: boolean): RegExp {
  if (pattern.length > LONGEST_PATTERN)
    throw usage(`The pattern of -match has ${pattern.length} characters; at most ${LONGEST_PATTERN} are taken.`);
  refuseManyOptional(pattern);
  let ignoreCase = !caseSensitive;
  let dotAll = false;
  let lines = false;
  let source = pattern.replace(/^\(\?([imsnx-]+)\)/, (_, letters: string) => {
    const [on = '', off = ''] = letters.split('-');
    if (/[nx]/.test(on)) throw refused(pattern, '(?n) and (?x)');
    if (on.includes('i')) ignoreCase = true;
    if (off.includes('i')) ignoreCase = false;
    dotAll = on.includes('s');
    lines = on.includes('m');
    return '';
  });
  for (const [construct, found] of [
    ['atomic groups (?>…)', /\(\?>/],
    ['inline options (?i) within the pattern', /\(\?[imsnx-]+[:)]/],
    ['conditions (?(…)…)', /\(\?\(/],
    ["named groups in quotes (?'name'…)", /\(\?'/],
    ['comments (?#…)', /\(\?#/],
  ] as const) {
    if (found.test(source.replace(/\\./g, '..').replace(/\[[^\]]*\]/g, '.'))) throw refused(pattern, construct);
  }
  source = source.replace(/\\([\s\S])/g, (whole, char: string) => ANCHORS[char] ?? whole);
  const flags = (ignoreCase ? 'i' : '') + (dotAll ? 's' : '') + (lines ? 'm' : '');
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    // Escapes that mean nothing, such as \- or \", are the character itself in .NET; only the stricter mode refuses them.
    try {
      return new RegExp(source, flags);
    } catch (error) {
      // `Invalid regular expression: /a{3,2}/i: numbers out of order in {} quantifier`
      const { message } = error as Error;
      const why = message.slice(message.lastIndexOf(': ') + 2);
      throw new CmdletError(regexProblem(pattern, why), {
        kind: 'usage',
        id: WRONG_REGEX,
        category: 'OperationStopped',
      });
    }
  }
}

function refused(pattern: string, construct: string): CmdletError {
  return new CmdletError(`The pattern ${show(pattern)} uses ${construct}, which -match does not know here.`, {
    kind: 'usage',
    id: 'InvalidRegularExpression',
    target: pattern,
  });
}

/**
 * Length of text up to which a pattern can only run in little time, 0 when none is safe: with no repetition or choice within
 * a repetition, no back-reference and no look-around, k places where the engine may go one way or another (`?` as much as `*`:
 * `a?a?a?aaa` doubles with each) cost at most about length^(k+1) / (k+1)! steps, which is kept around ten million.
 */
function safeLength(pattern: string): number {
  const bare = pattern
    .replace(/\\[1-9k]/g, '\u0001')
    .replace(/\\[\s\S]/g, 'a')
    .replace(/\[\^?\]?[^\]]*\]/g, 'a');
  if (bare.includes('\u0001') || /\(\?[=!<]/.test(bare) || /\)[*+?{]/.test(bare)) return 0;
  const counted = [...bare.matchAll(/\{(\d+)(,?)(\d*)\}/g)];
  if (counted.some(([, least, , most]) => Number(least) > 99 || Number(most) > 99)) return 0;
  const choices = bare.replace(/\(\?:/g, '(').match(/[*+?]/g)?.length ?? 0;
  const alternatives = bare.includes('(') ? (bare.match(/\|/g)?.length ?? 0) : 0; // without groups each is tried once
  return SAFE_LENGTHS[choices + alternatives + counted.filter(([, , comma]) => comma).length] ?? 0;
}

/**
 * V8 compiles `a?a?a?…` in time that explodes with the number of optional parts (60 of them took nine minutes), and no time limit
 * reaches into compiling. Small counted repetitions are written out by it, so they count as often as they may be there.
 */
const MOST_OPTIONAL = 20;

function refuseManyOptional(pattern: string): void {
  const bare = pattern
    .replace(/\\[\s\S]/g, 'a')
    .replace(/\[\^?\]?[^\]]*\]/g, 'a')
    .replace(/\(\?(?:[:=!]|<[=!]?)/g, '(');
  const single = bare.match(/(?<![*+?}(])\?/g)?.length ?? 0;
  const counted = [...bare.matchAll(/\{(\d*)(,)(\d*)\}/g)].map(([, least, , most]) =>
    most === '' ? 1 : Math.min(4, Math.max(0, Number(most) - Number(least))),
  );
  const written = 3 ** Math.min(3, bare.match(/\)\{/g)?.length ?? 0);
  const optional = (single + counted.reduce((sum, n) => sum + n, 0)) * written;
  if (optional <= MOST_OPTIONAL) return;
  throw new CmdletError(
    `The pattern ${show(pattern)} has too many optional parts (? and {0,n}); at most ${MOST_OPTIONAL} are taken, as more take too long to compile.`,
    { kind: 'usage', id: 'InvalidRegularExpression', target: pattern },
  );
}

/** By the number of places where the engine may go one way or another. */
const SAFE_LENGTHS = [65536, 4096, 400, 128];

let sandbox: { context: Vm.Context; first: Vm.Script; all: Vm.Script } | undefined;

/** Runs one match under the time limit: the regular-expression engine itself heeds the interruption. */
function timed(regex: RegExp, text: string, pattern: string): RegExpExecArray | null;
function timed(regex: RegExp, text: string, pattern: string, how: 'all'): RegExpExecArray[];
function timed(regex: RegExp, text: string, pattern: string, how: 'first' | 'all' = 'first') {
  if (!sandbox) {
    const vm = process.getBuiltinModule('node:vm');
    const context = vm.createContext(Object.create(null));
    sandbox = { context, first: new vm.Script('regex.exec(text)'), all: new vm.Script('[...text.matchAll(regex)]') };
  }
  sandbox.context.regex = regex;
  sandbox.context.text = text;
  for (let tries = 1; ; tries++) {
    const begun = process.cpuUsage();
    try {
      return sandbox[how].runInContext(sandbox.context, { timeout: MATCH_MS });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw tooLarge(pattern);
      if (tries >= TRIES || usedSince(begun) >= MATCH_MS / 2)
        throw tooSlow(pattern, `on a text of ${text.length} characters`);
    }
  }
}

/** Milliseconds of processor time. */
function usedSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

/** The engine gives up while it compiles (`((a{999}){999}){999}`), or on its stack. Errors of the sandbox are none of ours. */
function tooLarge(pattern: string): CmdletError {
  return new CmdletError(`The pattern ${show(pattern)} is too large for the regular expression engine.`, {
    kind: 'usage',
    id: 'InvalidRegularExpression',
    target: pattern,
  });
}

function tooSlow(pattern: string, where: string): CmdletError {
  return new CmdletError(
    `The pattern ${show(pattern)} takes too long ${where}; repetitions within repetitions, such as (a+)+, do that.`,
    { kind: 'usage', id: 'RegexMatchTimeout', target: pattern },
  );
}
