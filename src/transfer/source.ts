/** A file with a configuration in it: JSON, YAML or NDJSON, and where each value stands, to say line and column of a mistake. */
import { JsonSyntaxError, nodeAt, outline, type Place, placeAt } from '../store/json-text.ts';

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

/** Reads a text; the name's ending decides the form, else the first character. @throws SourceError */
export async function sourceOf(name: string, text: string): Promise<Source> {
  const clean = text.replace(/^\ufeff/, '');
  if (clean.trim() === '') throw new SourceError('the file is empty');
  const yaml = /\.ya?ml$/i.test(name) || (!/\.(json|ndjson|jsonl)$/i.test(name) && !/^\s*[[{]/.test(clean));
  if (yaml) return yamlSource(name, clean);
  return ndjsonSource(name, clean) ?? jsonSource(name, clean);
}

function jsonSource(name: string, text: string): Source {
  try {
    const value: unknown = JSON.parse(text);
    return { name, value, place: (path) => placeAt(text, nodeAt(outline(text), path).start) };
  } catch (error) {
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
    const value = full.map(({ line }) => JSON.parse(line) as unknown);
    return {
      name,
      value,
      place([at, ...rest]) {
        const found = typeof at === 'number' ? full[at] : undefined;
        if (!found) return undefined;
        return { line: found.index + 1, column: placeAt(found.line, nodeAt(outline(found.line), rest).start).column };
      },
    };
  } catch {
    return undefined;
  }
}

async function yamlSource(name: string, text: string): Promise<Source> {
  const { LineCounter, isNode, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'core' });
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const [problem] = document.errors;
  if (problem) throw new SourceError(`not valid YAML: ${problem.message}`, placeOf(problem.pos[0]));
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
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
