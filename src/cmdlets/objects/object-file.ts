/** Objects that stand in a file rc wrote: NDJSON, JSON, CSV or CLIXML, told apart by how it begins. */
import { statSync } from 'node:fs';
import type { Call } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { filePath } from '../../pipeline/file-path.ts';
import type { Value } from '../../pipeline/value.ts';
import { csvObjects } from '../../print/csv.ts';
import { fromJson } from '../../print/from-json.ts';
import { show } from '../../text/printable.ts';
import { readTextFile } from './text-file.ts';

/** The objects in a file; `undefined` when there is no file of that name. @throws CmdletError when it cannot be read */
export function objectsInFile(call: Call, name: string): AsyncIterable<Value> | undefined {
  const file = filePath(call.context.host, name);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
  return read(file, readTextFile(file));
}

async function* read(file: string, text: string): AsyncGenerator<Value> {
  const start = text.trimStart();
  if (start.startsWith('<Objs') || start.startsWith('<?xml')) {
    const { readClixml } = await import('../../print/clixml.ts');
    yield* readClixml(text);
  } else if (start.startsWith('[')) yield* [fromJson(parsed(file, text))].flat() as Value[];
  else if (start.startsWith('{')) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    for (const [k, line] of lines.entries()) yield fromJson(parsed(`${file}, line ${k + 1}`, line));
  } else yield* csvObjects(text);
}

function parsed(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CmdletError(`${show(where)} is not JSON: ${(error as Error).message}.`, {
      id: 'InvalidInput',
      target: where,
    });
  }
}
