/** Select-String: the lines of files, or of what is piped in, that match. */
import { basename, relative } from 'node:path';
import { readTextFile } from '../../cmdlets/objects/text-file.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { SafeRegex } from '../../pipeline/safe-regex.ts';
import { PsObject, printed, type Value } from '../../pipeline/value.ts';
import { matchObject } from '../runtime/net-objects.ts';
import { FileItem, itemAt, pathNotFound, pathsMeant } from './file-items.ts';

/** Lines around a line that matched. */
interface Around {
  readonly before: readonly Line[];
  readonly after: readonly Line[];
}

/**
 * A line that matched. As a text it is `path:line:text`, or the text alone when it was piped in; with -Context the lines
 * around it stand before and behind it, and `>` in front of it. Shown, a path is relative to where the person is.
 */
class MatchInfo extends PsObject {
  readonly #line: Line;
  readonly #around: Around | undefined;
  readonly #cwd: string;

  constructor(line: Line, around: Around | undefined, cwd: string, properties: Record<string, Value>) {
    super('MatchInfo', properties);
    this.#line = line;
    this.#around = around;
    this.#cwd = cwd;
  }

  /** As a view shows it. */
  shownAsText(): string {
    const under = relative(this.#cwd, this.#line.path);
    return this.#text(under.startsWith('..') ? this.#line.path : under);
  }

  override toString(): string {
    return this.#text(this.#line.path);
  }

  #text(path: string): string {
    const told = ({ number, line }: Line) => (this.#line.path === INPUT ? line : `${path}:${number}:${line}`);
    if (!this.#around) return told(this.#line);
    const { before, after } = this.#around;
    return [
      ...before.map((line) => `  ${told(line)}`),
      `> ${told(this.#line)}`,
      ...after.map((line) => `  ${told(line)}`),
    ].join('\n');
  }
}

/** What PowerShell calls the path of lines that were piped in. */
const INPUT = 'InputStream';

/** As many lines around a match as anybody reads. */
const MOST_CONTEXT = 10_000;
const CONTEXT = {
  name: 'Context',
  type: 'strings',
  placeholder: 'N[,N]',
  help: 'Lines before and behind it that are shown, too.',
} as const satisfies Parameter;

export const selectString = defineCmdlet({
  name: 'Select-String',
  aliases: ['sls'],
  group: 'language',
  summary: 'Give the lines of files, or of what is piped in, that match',
  input: 'optional',
  parameters: [
    {
      name: 'Pattern',
      type: 'strings',
      position: 0,
      mandatory: true,
      placeholder: 'PATTERN',
      help: 'Regular expressions; one that matches is enough.',
    },
    {
      name: 'Path',
      aliases: ['LiteralPath'],
      type: 'strings',
      position: 1,
      placeholder: 'FILE',
      help: 'The files; wildcards are taken.',
    },
    { name: 'SimpleMatch', type: 'switch', help: 'The pattern is a plain text.' },
    { name: 'CaseSensitive', type: 'switch', help: 'Upper and lower case are different.' },
    { name: 'NotMatch', type: 'switch', help: 'The lines that do not match.' },
    { name: 'Quiet', type: 'switch', help: 'Says only whether there is one.' },
    { name: 'List', type: 'switch', help: 'Only the first of each file.' },
    { name: 'Raw', type: 'switch', help: 'Gives the lines as texts.' },
    { name: 'AllMatches', type: 'switch', help: 'Matches has all matches of a line, not only the first.' },
    CONTEXT,
    { name: 'Encoding', type: 'string', placeholder: 'NAME', help: 'Taken; a mark in front decides.' },
  ],
  examples: [
    {
      command: "rc -c 'Select-String 550 protocol/*.log'",
      language: 'Select-String 550 protocol/*.log',
      does: 'Shows the lines with 550.',
    },
  ],
  async *run(call) {
    const { Pattern, SimpleMatch, CaseSensitive, NotMatch, Quiet, List, Raw, AllMatches } = call.arguments;
    if (!Pattern?.length) throw usage('Select-String needs a pattern: Select-String 550 protocol/*.log');
    const [pre, post] = contextOf(call);
    const { cwd } = call.context.host;
    const tests = Pattern.map((pattern) => {
      const source = SimpleMatch ? pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : pattern;
      return { pattern, source, regex: regexOf(source, CaseSensitive) };
    });
    const found = (hit: (typeof tests)[number] | undefined, line: string) => {
      if (!hit || SimpleMatch || NotMatch) return [];
      if (AllMatches) return hit.regex.all(line).map((one) => matchObject(one, hit.source));
      return [matchObject(hit.regex.exec(line), hit.source)];
    };
    let listed: string | undefined;
    let any = false;
    const hits = hitsIn(
      linesOf(call),
      (line) => {
        const hit = tests.find(({ regex }) => regex.test(line));
        return (hit === undefined) === NotMatch && (hit ?? tests[0]!);
      },
      pre,
      post,
    );
    for await (const { at, hit, around } of hits) {
      if (List && at.path !== INPUT && listed === at.path) continue;
      listed = at.path;
      any = true;
      if (Quiet) break;
      if (Raw) {
        yield at.line;
        continue;
      }
      const context =
        around &&
        new PsObject('MatchInfoContext', {
          PreContext: around.before.map(({ line }) => line),
          PostContext: around.after.map(({ line }) => line),
        });
      yield new MatchInfo(at, around, cwd, {
        IgnoreCase: !CaseSensitive,
        LineNumber: at.number,
        Line: at.line,
        Filename: basename(at.path),
        Path: at.path,
        Pattern: hit.pattern,
        Context: context ?? null,
        Matches: found(hit, at.line),
      });
    }
    if (Quiet) yield any;
  },
});

/** -Context before,after; one number is both. @throws CmdletError (usage) */
function contextOf({ arguments: { Context } }: Call<typeof CONTEXT>): readonly [before: number, after: number] {
  const given = Context?.map(Number) ?? [0];
  if (given.length > 2 || given.some((n) => !Number.isInteger(n) || n < 0 || n > MOST_CONTEXT))
    throw usage(`Select-String: -Context takes one or two whole numbers from 0 to ${MOST_CONTEXT}: -Context 1,2`);
  return [given[0]!, given[1] ?? given[0]!];
}

/** Lines that match, each with the lines around it that no other has: before it since the last, behind it up to the next. */
async function* hitsIn<H>(
  lines: AsyncIterable<Line>,
  test: (line: string) => H | false,
  pre: number,
  post: number,
): AsyncGenerator<{ readonly at: Line; readonly hit: H; readonly around: Around | undefined }> {
  let before: Line[] = [];
  let open: { at: Line; hit: H; around: { before: Line[]; after: Line[] } } | undefined;
  for await (const at of lines) {
    if (open && open.at.path !== at.path) {
      yield open;
      open = undefined;
      before = [];
    } else if (before.length && before[0]!.path !== at.path) before = [];
    const hit = test(at.line);
    if (hit === false) {
      if (open && open.around.after.length < post) open.around.after.push(at);
      else if (pre) {
        before.push(at);
        if (before.length > pre) before.shift();
      }
      if (open && open.around.after.length >= post && pre === 0) {
        yield open;
        open = undefined;
      }
      continue;
    }
    if (open) yield open;
    open = undefined;
    if (pre === 0 && post === 0) yield { at, hit, around: undefined };
    else open = { at, hit, around: { before, after: [] } };
    before = [];
  }
  if (open) yield open;
}

function regexOf(source: string, caseSensitive: boolean): SafeRegex {
  try {
    return SafeRegex.of(source, caseSensitive);
  } catch (error) {
    throw new CmdletError(`The string ${source} is not a valid regular expression: ${(error as Error).message}`, {
      kind: 'usage',
      id: 'InvalidRegex',
      type: 'System.ArgumentException',
    });
  }
}

interface Line {
  readonly path: string;
  readonly number: number;
  readonly line: string;
}

async function* linesOf({
  arguments: args,
  context,
  input,
}: Call<{ name: 'Path'; type: 'strings'; help: string }>): AsyncGenerator<Line> {
  const inFile = function* (path: string): Generator<Line> {
    if (!itemAt(path)) throw pathNotFound(path);
    const lines = readTextFile(path).split(/\r\n|\n|\r/);
    if (lines.at(-1) === '') lines.pop();
    for (const [at, line] of lines.entries()) yield { path, number: at + 1, line };
  };
  if (args.Path !== undefined) {
    for (const given of args.Path) for (const path of pathsMeant(context.host, given)) yield* inFile(path);
    return;
  }
  let number = 0;
  for await (const value of input ?? []) {
    if (value instanceof FileItem) yield* inFile(value.path);
    else yield { path: INPUT, number: ++number, line: printed(value) };
  }
}
