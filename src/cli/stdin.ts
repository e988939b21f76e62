/** Piped input as objects: NDJSON, a JSON array, or plain names, a line each. */

import { CmdletError } from '../cmdlet/error.ts';
import type { Value } from '../cmdlet/value.ts';
import { show } from '../connector/value-error.ts';
import { fromJson } from '../format/from-json.ts';

/** @throws CmdletError naming the line that is not what it begins to be */
export async function* objectsIn(chunks: Iterable<string>): AsyncGenerator<Value> {
  let rest = '';
  let line = 0;
  let isArray: boolean | undefined;
  try {
    for (const chunk of chunks) {
      rest += chunk;
      isArray ??= firstCharacter(rest);
      if (isArray) continue;
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
        const text = rest.slice(0, end);
        rest = rest.slice(end + 1);
        yield* oneLine(text, ++line);
      }
    }
  } catch (error) {
    if (error instanceof TypeError)
      throw new CmdletError('Standard input is not UTF-8 text.', { kind: 'usage', id: 'InvalidInput' });
    throw error;
  }
  if (isArray) yield* wholeArray(rest);
  else yield* oneLine(rest, line + 1);
}

function firstCharacter(text: string): boolean | undefined {
  const first = text.trimStart().replace(/^\ufeff/, '')[0];
  return first === undefined ? undefined : first === '[';
}

function* wholeArray(text: string): Generator<Value> {
  const parsed = parse(text, 'Standard input begins like a JSON array');
  if (Array.isArray(parsed)) for (const item of parsed) yield fromJson(item);
}

function* oneLine(text: string, line: number): Generator<Value> {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  if (trimmed === '') return;
  if (trimmed.startsWith('{')) {
    yield fromJson(parse(trimmed, `Line ${line} of standard input begins like a JSON object`));
    return;
  }
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(trimmed)) {
    throw new CmdletError(`Line ${line} of standard input is neither a JSON object nor a name: ${show(trimmed)}`, {
      kind: 'usage',
      id: 'InvalidInput',
    });
  }
  yield trimmed;
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CmdletError(
      `${what} but is not JSON (${(error as Error).message}): ${show(text)}. Pipe the output of rc get, a JSON array, or names, a line each.`,
      {
        kind: 'usage',
        id: 'InvalidInput',
      },
    );
  }
}
