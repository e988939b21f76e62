/** A file with a configuration in it: JSON, YAML or NDJSON, and where each value stands, to say line and column of a mistake. */

import {
  JsonSyntaxError,
  keysTwice,
  nodeAt,
  numberTooLarge,
  outline,
  type Place,
  placeAt,
  unboundedValue,
} from '../store/json-text.ts';
import { show } from '../text/printable.ts';
import { yamlTooMuch } from '../text/yaml-bounds.ts';

export type Path = readonly (string | number)[];

/** What a file says, parsed but not checked. */
export interface Source {
  readonly name: string;
  readonly value: unknown;
  /** Where the value of a path stands, or the nearest one above it. */
  place(path: Path): Place | undefined;
}

/** The text is no JSON and no YAML. */
export class SourceError extends Error {
  constructor(
    message: string,
    readonly place?: Place,
  ) {
    super(message);
  }
}

/** What Export-Clixml and Export-Csv write: objects, which the cmdlets that read them give as this reads them. */
const OTHER_FORMS: readonly (readonly [form: string, cmdlet: string, (name: string, text: string) => boolean])[] = [
  ['CLIXML, as Export-Clixml writes it', 'Import-Clixml', (_, text) => /^\s*(?:<\?xml[^>]*>\s*)?<Objs\b/.test(text)],
  ['CSV', 'Import-Csv', (name, text) => /\.csv$/i.test(name) || /^(?:#TYPE |"\w+"(?:,"\w+")+\r?\n)/.test(text)],
];

/** Reads a text; the name's ending decides the form, else the first character. @throws SourceError */
export async function sourceOf(name: string, text: string): Promise<Source> {
  const clean = text.replace(/^\ufeff/, '');
  if (clean.trim() === '') throw new SourceError('the file is empty');
  const [form, cmdlet] = OTHER_FORMS.find(([, , looks]) => looks(name, clean)) ?? [];
  if (form)
    throw new SourceError(
      `it is ${form}; to take it: rc -c '${cmdlet} ${/^[\w./]+[\w./-]*$/.test(name) ? name : 'FILE'}' | rc import -`,
    );
  const yaml = /\.ya?ml$/i.test(name) || (!/\.(json|ndjson|jsonl)$/i.test(name) && !/^\s*[[{]/.test(clean));
  if (yaml) return yamlSource(name, clean);
  return ndjsonSource(name, clean) ?? jsonSource(name, clean);
}

function jsonSource(name: string, text: string): Source {
  try {
    const value = bounded(JSON.parse(text));
    refuseChanged(text, value);
    return { name, value, place: (path) => placeAt(text, nodeAt(outline(text), path).start) };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    try {
      outline(text);
    } catch (found) {
      if (found instanceof JsonSyntaxError) throw new SourceError(found.message, placeAt(text, found.offset));
    }
    throw new SourceError((error as Error).message);
  }
}

/** Several objects, one a line, as `rc get > file` writes them; `undefined` when it is something else. */
function ndjsonSource(name: string, text: string): Source | undefined {
  const lines = text.split('\n').map((line, index) => ({ line, index }));
  const full = lines.filter(({ line }) => line.trim() !== '');
  if (full.length < 2 || !full.every(({ line }) => /^\s*\{.*\}\s*$/.test(line))) return undefined;
  try {
    const value = full.map(({ line, index }) => {
      const item = bounded(JSON.parse(line));
      refuseChanged(line, item, index);
      return item;
    });
    return {
      name,
      value,
      place([at, ...rest]) {
        const found = typeof at === 'number' ? full[at] : undefined;
        if (!found) return undefined;
        return { line: found.index + 1, column: placeAt(found.line, nodeAt(outline(found.line), rest).start).column };
      },
    };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    return undefined;
  }
}

/** @throws SourceError for what cannot be walked in bounded time */
function bounded(value: unknown): unknown {
  const problem = unboundedValue(value);
  if (problem) throw new SourceError(`${problem}; that is no configuration`);
  return value;
}

/** JSON.parse takes the last of two, and infinity for a number that is too large, and says nothing. `before`: lines above the text. @throws SourceError */
function refuseChanged(text: string, value: unknown, before = 0): void {
  const refuse = (offset: number, why: string): never => {
    const { line, column } = placeAt(text, offset);
    throw new SourceError(why, { line: line + before, column });
  };
  const [first] = keysTwice(text, value);
  if (first) refuse(first.offset, `${show(first.key)} stands twice in the same object; only one can be meant`);
  const large = numberTooLarge(text);
  if (large) refuse(large.offset, `the number ${show(large.number)} is too large; none may be above 1.7e308`);
}

async function yamlSource(name: string, text: string): Promise<Source> {
  const { LineCounter, isNode, parseDocument, visit } = await import('yaml');
  const lines = new LineCounter();
  const tooMuch = yamlTooMuch(text);
  if (tooMuch) throw new SourceError(`it is ${tooMuch}`);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'core', logLevel: 'error' });
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const [problem] = document.errors;
  if (problem) throw new SourceError(`not valid YAML: ${problem.message}`, placeOf(problem.pos[0]));
  let value: unknown;
  try {
    visit(document, {
      Scalar(_, { value, source = '', range }) {
        if (Math.abs(value as number) === Number.POSITIVE_INFINITY && !/inf$/i.test(source))
          throw new SourceError(
            `the number ${show(source)} is too large; none may be above 1.7e308`,
            range ? placeOf(range[0]) : undefined,
          );
      },
    });
    value = bounded(document.toJS({ maxAliasCount: 100 }));
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(`not valid YAML: ${(error as Error).message}`);
  }
  return {
    name,
    value,
    place(path) {
      for (let depth = path.length; depth >= 0; depth--) {
        const node = document.getIn(path.slice(0, depth), true);
        if (isNode(node) && node.range) return placeOf(node.range[0]);
      }
      return undefined;
    },
  };
}
