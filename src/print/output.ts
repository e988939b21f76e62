/** What `rc` writes: objects in the format that was asked for, as text, piece by piece. */

import { Hold, type Stream } from '../pipeline/peekable-stream.ts';
import { printed, type Value } from '../pipeline/value.ts';
import { csvLines } from './csv.ts';
import { isText, jsonText, ndjsonLine } from './json.ts';
import { type LayoutOptions, layout } from './layout.ts';
import { withMachineForms } from './machine-forms.ts';
import { records, textLine, type ViewRequest } from './object-view.ts';
import { Formatted } from './record.ts';
import { yamlItems } from './yaml.ts';

/** Values of `--output` and RC_OUTPUT. `default` is PowerShell's view: the type's table, or a list from five properties on. */
export const OUTPUT_FORMATS = ['default', 'table', 'list', 'grid', 'json', 'ndjson', 'csv', 'yaml'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export type OutputOptions = LayoutOptions &
  Pick<ViewRequest, 'limit'> & {
    /** JSON was asked for, so a program reads it: sizes, spans and flags have their figures beside them. */
    readonly machine?: boolean;
  };

/** PowerShell's default view: what a terminal shows. */
export function formatDefault(objects: Stream<Value>, options: OutputOptions = {}): AsyncGenerator<string> {
  return layout(records(objects, { limit: options.limit }), options);
}

/**
 * Objects as text in a format. What a Format- cmdlet has laid out stays laid out, whatever the format.
 * Pieces come as soon as they can: NDJSON and CSV a line an object, lists an object at a time, tables when they settle.
 */
export async function* formatOutput(
  objects: Stream<Value>,
  format: OutputFormat,
  options: OutputOptions = {},
): AsyncGenerator<string> {
  if (format === 'default') yield* formatDefault(objects, options);
  else if (VIEWS[format]) yield* layout(records(objects, { ...VIEWS[format], limit: options.limit }), options);
  else yield* serialized(objects, format as keyof typeof WRITERS, options);
}

const VIEWS: Partial<Record<OutputFormat, ViewRequest>> = {
  table: { shape: 'table', apart: true },
  list: { shape: 'list' },
  grid: { shape: 'table', border: true, apart: true },
};

const WRITERS: Record<
  'json' | 'ndjson' | 'csv' | 'yaml',
  (objects: Stream<Value>, options: OutputOptions) => AsyncGenerator<string>
> = {
  json: jsonArray,
  ndjson: ndjson,
  csv,
  yaml: yamlItems,
};

/** Runs of plain objects go to the writer, runs of records are laid out. */
async function* serialized(
  objects: Stream<Value>,
  format: keyof typeof WRITERS,
  options: OutputOptions,
): AsyncGenerator<string> {
  const source = new Hold(objects);
  let written = false;
  try {
    for (let next = await source.peek(); next !== undefined || !written; next = await source.peek()) {
      const formatted = next instanceof Formatted;
      const part = run(source, (value) => value instanceof Formatted === formatted);
      yield* formatted ? layout(records(part), options) : WRITERS[format](part, options);
      written = true;
    }
  } finally {
    await source.close();
  }
}

async function* run(source: Hold<Value>, belongs: (value: Value) => boolean): AsyncGenerator<Value> {
  for (let next = await source.peek(); next !== undefined && belongs(next); next = await source.peek()) {
    source.take();
    yield next;
  }
}

/**
 * Objects, lists, numbers and truth values are JSON. A text, and a value that prints as one (a range, a size), is a line
 * of its own: a name is a name for `while read`, CSV lines are CSV.
 */
async function* ndjson(objects: Stream<Value>, { machine }: OutputOptions): AsyncGenerator<string> {
  for await (const object of objects) {
    if (object === null) continue; // $null is nothing, as on a terminal
    yield isText(object) ? textLine(printed(object)) : ndjsonLine(machine ? withMachineForms(object) : object);
  }
}

/** CSV is exact in a file; a terminal gets it with what would act on it escaped. */
async function* csv(objects: Stream<Value>, { terminal }: OutputOptions): AsyncGenerator<string> {
  for await (const line of csvLines(objects)) yield terminal ? textLine(line.replace(/\n$/, '')) : line;
}

async function* jsonArray(objects: Stream<Value>, { machine }: OutputOptions): AsyncGenerator<string> {
  let any = false;
  for await (const object of objects) {
    const told = machine ? withMachineForms(object) : object;
    yield `${any ? ',' : '['}\n${indented(jsonText(told, { indent: 2 }))}`;
    any = true;
  }
  yield any ? '\n]\n' : '[]\n';
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
