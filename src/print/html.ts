/** HTML as ConvertTo-Html writes it, line by line. Source: ConvertTo-Html.cs (PowerShell). */
import { type PropertyExpression, property, propertyNames } from '../pipeline/property-expression.ts';
import { PsObject, printed, type Value } from '../pipeline/value.ts';

interface HtmlOptions {
  readonly properties?: readonly PropertyExpression[];
  readonly as?: 'Table' | 'List';
  readonly fragment?: boolean;
  readonly title?: string;
  readonly head?: readonly string[];
  readonly body?: readonly string[];
  readonly preContent?: readonly string[];
  readonly postContent?: readonly string[];
  readonly cssUri?: string;
  readonly charset?: string;
  readonly transitional?: boolean;
}

/** Lines without line breaks. Values are escaped; -Head, -Body, -PreContent and -PostContent are the person's own markup. */
export async function* htmlLines(
  objects: AsyncIterable<Value> | Iterable<Value>,
  options: HtmlOptions = {},
): AsyncGenerator<string> {
  if (!options.fragment) yield* beginning(options);
  if (options.preContent) yield* options.preContent;
  yield '<table>';
  let columns: readonly string[] | undefined;
  let count = 0;
  for await (const object of objects) {
    if (object === null) continue;
    count++;
    const cells = await cellsOf(object, options.properties, options.as === 'List' ? undefined : columns);
    if (options.as === 'List') {
      if (count > 1) yield '<tr><td><hr></td></tr>';
      for (const [name, text] of cells) yield `<tr><td>${escapeHtml(name)}:</td><td>${escapeHtml(text)}</td></tr>`;
      continue;
    }
    if (!cells.length) continue;
    if (!columns) {
      columns = cells.map(([name]) => name);
      yield `<colgroup>${'<col/>'.repeat(columns.length)}</colgroup>`;
      yield `<tr>${columns.map((name) => `<th>${escapeHtml(name)}</th>`).join('')}</tr>`;
    }
    yield `<tr>${cells.map(([, text]) => `<td>${escapeHtml(text)}</td>`).join('')}</tr>`;
  }
  yield '</table>';
  if (options.postContent) yield* options.postContent;
  if (!options.fragment) yield '</body></html>';
}

function* beginning(options: HtmlOptions): Generator<string> {
  yield options.transitional
    ? '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"  "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
    : '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"  "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">';
  yield '<html xmlns="http://www.w3.org/1999/xhtml">';
  yield '<head>';
  if (options.charset) yield `<meta charset="${escapeHtml(options.charset)}">`;
  yield* options.head ?? [`<title>${escapeHtml(options.title ?? 'HTML TABLE')}</title>`];
  if (options.cssUri) yield `<link rel="stylesheet" type="text/css" href="${escapeHtml(options.cssUri)}" />`;
  yield '</head><body>';
  if (options.body) yield* options.body;
}

async function cellsOf(
  object: Value,
  properties: readonly PropertyExpression[] | undefined,
  columns: readonly string[] | undefined,
): Promise<(readonly [name: string, text: string])[]> {
  if (properties?.length) {
    const cells: (readonly [string, string])[] = [];
    for (const expression of properties)
      for (const { name, value } of expression.resolve(object)) cells.push([name, textOf((await value()) ?? null)]);
    return cells;
  }
  const names = columns ?? propertyNames(object);
  if (!names.length) return object instanceof PsObject ? [] : [['*', textOf(object)]];
  return names.map((name) => [name, textOf(property(object, name) ?? null)]);
}

/** Lists are written out: the type's name, which PowerShell writes, helps nobody. */
function textOf(value: Value): string {
  return Array.isArray(value) ? (value as readonly Value[]).map(printed).join(', ') : printed(value);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  // WebUtility.HtmlEncode: the rest of Latin-1 and what is beyond the basic plane as figures, all else as it is
  return text.replace(
    /[&<>"'\u00a0-\u00ff]|[\ud800-\udbff][\udc00-\udfff]/g,
    (char) => ENTITIES[char] ?? `&#${char.codePointAt(0)};`,
  );
}
