/** Select-String: the lines of files, or of what is piped in, that match. */
import { basename } from 'node:path';
import { readTextFile } from '../../cmdlets/objects/text-file.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { SafeRegex } from '../../pipeline/safe-regex.ts';
import { PsObject, printed } from '../../pipeline/value.ts';
import { FileItem, pathsMeant } from './file-items.ts';

/** A line that matched; as a text it is `path:line:text`, or the text alone when it was piped in. */
class MatchInfo extends PsObject {
  override toString(): string {
    const { Path, LineNumber, Line } = this.properties;
    return Path === 'InputStream' ? printed(Line) : `${printed(Path)}:${printed(LineNumber)}:${printed(Line)}`;
  }
}

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
    { name: 'AllMatches', type: 'switch', help: 'Taken.' },
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
    const { Pattern, SimpleMatch, CaseSensitive, NotMatch, Quiet, List, Raw } = call.arguments;
    if (!Pattern?.length) throw usage('Select-String needs a pattern: Select-String 550 protocol/*.log');
    const tests = Pattern.map((pattern) => {
      const source = SimpleMatch ? pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : pattern;
      return { pattern, regex: regexOf(source, CaseSensitive) };
    });
    let listed: string | undefined;
    for await (const { path, number, line } of linesOf(call)) {
      const hit = tests.find(({ regex }) => regex.test(line));
      if ((hit === undefined) !== NotMatch) continue;
      if (List && path !== 'InputStream' && listed === path) continue;
      listed = path;
      if (Quiet) {
        yield true;
        return;
      }
      yield Raw
        ? line
        : new MatchInfo('MatchInfo', {
            Filename: basename(path),
            LineNumber: number,
            Line: line,
            Path: path,
            Pattern: hit?.pattern ?? Pattern[0]!,
          });
    }
    if (Quiet) yield false;
  },
});

function regexOf(source: string, caseSensitive: boolean): SafeRegex {
  try {
    return SafeRegex.of(source, caseSensitive);
  } catch (error) {
    throw new CmdletError(`Select-String: ${(error as Error).message}`, {
      kind: 'usage',
      id: 'InvalidRegex',
      target: source,
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
    else yield { path: 'InputStream', number: ++number, line: printed(value) };
  }
}
