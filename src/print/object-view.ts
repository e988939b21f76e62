/**
 * Objects to records: which view an object gets, its columns, its groups. Rules: PowerShell's FormatViewManager and
 * FormatViewGenerator_* (FormatAndOutput/common): the first object decides; a type's own view comes first; then more
 * than four properties make a list, else a table.
 */

import { Unlimited } from '../domain/value.ts';
import { Char } from '../pipeline/char.ts';
import { compareEqual } from '../pipeline/compare.ts';
import { isFigure, shownFigure } from '../pipeline/number.ts';
import type { Stream } from '../pipeline/peekable-stream.ts';
import { PropertyExpression, property, propertyNames } from '../pipeline/property-expression.ts';
import { Hashtable, PsObject, printed, Said, type Value } from '../pipeline/value.ts';
import { type CellOptions, cellText, safeLines } from './cell-text.ts';
import { defaultView } from './default-views.ts';
import { formatDate, LONG_DATE } from './format-date.ts';
import { formatNumber } from './format-string.ts';
import { type Align, type Column, type FormatRecord, Formatted, type Shape, type Teller } from './record.ts';

/** DisplayDataQuery.GetShapeFromPropertyCount: up to four properties make a table. */
const PROPERTIES_OF_A_TABLE = 4;
/** FormatViewGenerator_Table.LimitAssociationListSize: columns of a table that nobody chose. */
const COLUMNS_UNASKED = 10;

/** What a Format- cmdlet was asked for; nothing of it for the default view. */
export interface ViewRequest {
  /** An object of another type begins a table of its own, also where the shape was asked for. */
  readonly apart?: boolean;
  readonly shape?: 'table' | 'list' | 'wide';
  readonly properties?: readonly PropertyExpression[];
  readonly exclude?: (name: string) => boolean;
  readonly groupBy?: PropertyExpression;
  readonly wrap?: boolean;
  readonly autoSize?: boolean;
  readonly hideHeaders?: boolean;
  readonly repeatHeader?: boolean;
  readonly border?: boolean;
  /** Columns of a wide view. */
  readonly columns?: number;
  /** Elements of a list that are shown, -1 for all; asked anew for each object when it is a function. */
  readonly limit?: number | (() => number | undefined);
}

/** One cell of a view: where its text comes from. */
interface Field {
  readonly label: string;
  read(object: Value): Value | undefined | Promise<Value>;
  readonly format?: string;
}

interface View {
  readonly type: string;
  readonly shape: Shape;
  /** A table's columns; a wide view's only one; none for a list, whose objects bring their own. */
  readonly fields: readonly Field[];
  readonly groupBy: PropertyExpression | undefined;
  /** Fractions show two digits. */
  readonly rounds?: boolean;
  /** The properties of the object it was made for. */
  readonly names?: string;
}

/** Dates, one a line. */
const DATES: View = { type: 'System.DateTime', shape: { kind: 'dates' }, fields: [], groupBy: undefined };

/** Objects that are shown as text, as dates are (MatchInfo). */
const TEXTS: View = { type: 'text', shape: { kind: 'dates' }, fields: [], groupBy: undefined };

interface AsText {
  shownAsText(): string;
}

function isText(object: Value): object is Value & AsText {
  return object instanceof PsObject && 'shownAsText' in object;
}

/** Turns a stream of values into records; records that are in it already pass. */
export async function* records(objects: Stream<Value>, request: ViewRequest = {}): AsyncGenerator<FormatRecord> {
  let view: View | undefined;
  let group: Value | undefined;
  let known: { readonly type: string; readonly teller: Teller } | undefined;
  for await (const object of entriesApart(objects)) {
    if (object instanceof Formatted) {
      if (view) yield { kind: 'end' };
      view = undefined;
      yield object.record;
      continue;
    }
    const speaks = object instanceof PsObject && !isAskedFor(request) ? defaultView(object.type)?.teller : undefined;
    if (speaks && object instanceof PsObject) {
      if (view) yield { kind: 'end' };
      view = undefined;
      if (known?.type !== object.type) known = { type: object.type, teller: await speaks() };
      yield {
        kind: 'lines',
        lines: known.teller.tell(object).map((line) => ({ ...line, text: safeLines(line.text) })),
      };
      continue;
    }
    if (object instanceof Said && !isAskedFor(request)) {
      yield { kind: 'text', text: `${object.shown()}\n` };
      continue;
    }
    if ((object instanceof Date || isText(object)) && !isAskedFor(request)) {
      const texts = object instanceof Date ? DATES : TEXTS;
      if (view?.type !== texts.type) {
        if (view) yield { kind: 'end' };
        view = texts;
        yield { kind: 'start', shape: view.shape };
      }
      yield {
        kind: 'text',
        text: object instanceof Date ? `${formatDate(object, LONG_DATE)}\n` : textLine(object.shownAsText()),
      };
      continue;
    }
    if (isScalar(object) || (!hasProperties(object) && !isAskedForParts(request))) {
      yield { kind: 'text', text: scalarLine(object) };
      continue;
    }
    if (object instanceof PsObject && propertyNames(object).length === 0) {
      yield { kind: 'text', text: '\n' };
      continue;
    }
    if (!view || !applies(view, object, request)) {
      if (view) yield { kind: 'end' };
      view = { ...(await viewFor(object, request)), names: namesOf(object) };
      group = undefined;
      yield { kind: 'start', shape: view.shape };
    }
    const { groupBy } = view;
    if (groupBy) {
      const read = await groupBy.first(object);
      const value = read ?? null;
      // objects without the property stand in no group
      const changed = read !== undefined && (group === undefined || !compareEqual(value, group));
      if (changed) {
        const isFirstGroup = group === undefined;
        if (!isFirstGroup) yield { kind: 'text', text: '\n' };
        group = value;
        // without a value in the first group its name is not said (GroupingInfoManager)
        const label = isFirstGroup && value === null ? '' : groupLabel(groupBy, object);
        yield { kind: 'group', label, value: cellText(value) };
      }
    }
    yield await row(view, object, request);
  }
  if (view) yield { kind: 'end' };
}

/** Are properties named that the object may have? */
function isAskedForParts({ properties, shape }: ViewRequest): boolean {
  if (!properties) return false;
  const [only, more] = properties;
  return !(shape === 'list' && more === undefined && only?.expression === '*');
}

/** Texts, figures and truth values have no parts to show, whatever is asked for (DefaultScalarTypes). */
function isScalar(value: Value): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || isFigure(value) || value instanceof Char;
}

/** Is a view of its own wanted? */
function isAskedFor({ shape, properties, groupBy }: ViewRequest): boolean {
  return shape !== undefined || properties !== undefined || groupBy !== undefined;
}

/** A hashtable shows its entries, each as Name and Value, a list its elements: of those a table is its text, $null an empty line. */
async function* entriesApart(objects: Stream<Value>): AsyncGenerator<Value> {
  for await (const object of objects) {
    if (object === null) continue; // $null shows nothing
    if (Array.isArray(object)) {
      for (const one of object as readonly Value[]) yield one === null || one instanceof Hashtable ? printed(one) : one;
    } else if (!(object instanceof Hashtable)) yield object;
    else for (const [Name, Value] of object.entries) yield new PsObject('DictionaryEntry', { Name, Value });
  }
}

function hasProperties(value: Value): boolean {
  return value instanceof PsObject || value instanceof Hashtable;
}

/** Texts, numbers and lists stand for themselves, one a line. */
function scalarLine(value: Value): string {
  if (Array.isArray(value)) return (value as readonly Value[]).map(scalarLine).join('');
  return isFigure(value) ? `${shownFigure(value)}\n` : textLine(printed(value));
}

/** A text as lines: tabs stay, everything else that acts on a terminal is escaped. */
export function textLine(text: string): string {
  const lines = text.split('\n').map(safeLine);
  return `${lines.join('\n')}\n`;
}

/** A carriage return at the end of a line does no harm and stays. */
function safeLine(line: string): string {
  if (line.endsWith('\r')) return `${safeLine(line.slice(0, -1))}\r`;
  return line.split('\t').map(safeLines).join('\t');
}

function groupLabel(by: PropertyExpression, object: Value): string {
  return safeLines(by.resolve(object)[0]?.name ?? by.name);
}

/**
 * Does the view fit this object too? PowerShell goes on with the first object's columns whatever comes and shows objects
 * of another type as a list; an object of another type begins a view of its own here, so that nothing is left out.
 */
function applies(view: View, object: Value, request: ViewRequest): boolean {
  if ((request.shape !== undefined && !request.apart) || view.type === typeOf(object)) return true;
  // what was put together in a script, or by Select-Object of different types, is one table when it has the same properties
  return (
    [view.type, typeOf(object)].every((type) => /^(?:Selected\.|PSCustomObject$)/.test(type)) &&
    view.names === namesOf(object)
  );
}

function namesOf(value: Value): string {
  return propertyNames(value).join('\n').toLowerCase();
}

function typeOf(value: Value): string {
  return value instanceof PsObject ? value.type : value instanceof Hashtable ? 'Hashtable' : typeof value;
}

async function viewFor(object: Value, request: ViewRequest): Promise<View> {
  const type = typeOf(object);
  const preset = request.properties ? undefined : defaultView(type);
  const kind = request.shape ?? (preset ? 'table' : undefined) ?? shapeByCount(object);
  const preGrouped = kind === 'table' && preset?.groupBy ? new PropertyExpression(preset.groupBy) : undefined;
  const groupBy = request.groupBy ?? preGrouped;
  if (kind === 'list') return { type, shape: { kind }, fields: [], groupBy };
  if (kind === 'wide') {
    const shape: Shape = { kind, columns: request.columns, autoSize: request.autoSize };
    return { type, shape, fields: [wideField(object, request)], groupBy };
  }
  const columns: Column[] = [];
  const fields: Field[] = [];
  const add = (field: Field, align: Align, width?: number, shares?: boolean) => {
    fields.push(field);
    columns.push({
      label: field.label,
      align,
      ...(width === undefined ? {} : { width }),
      ...(shares ? { shares } : {}),
    });
  };
  if (request.properties) {
    for (const expression of request.properties) await addExpression(expression, object, request, add);
  } else if (preset) {
    for (const { property: name, align, width, shares, optional } of preset.columns) {
      if (request.exclude?.(name) || (optional && property(object, name) === undefined)) continue;
      const field = { label: name, read: (o: Value) => property(o, name) };
      add(field, align ?? 'left', request.autoSize ? undefined : width, shares);
    }
  } else {
    const names = propertyNames(object).filter((name) => !request.exclude?.(name));
    for (const name of names.slice(0, COLUMNS_UNASKED))
      add({ label: safeLines(name), read: (o) => property(o, name) }, alignOf(property(object, name)));
  }
  const { wrap, autoSize, hideHeaders, repeatHeader, border } = request;
  return {
    type,
    shape: { kind: 'table', columns, wrap, autoSize, hideHeaders, repeatHeader, border },
    fields,
    groupBy,
    // a column of a type's own view shows a figure as it is (FormatViewBinder: only properties that nobody laid out are rounded)
    rounds: request.properties !== undefined || !preset,
  };
}

async function addExpression(
  expression: PropertyExpression,
  object: Value,
  request: ViewRequest,
  add: (field: Field, align: Align, width?: number) => void,
): Promise<void> {
  const width = expression.options.get('width');
  const said = expression.options.get('alignment');
  const format = formatOf(expression);
  for (const resolved of expression.resolve(object)) {
    if (request.exclude?.(resolved.name)) continue;
    const align = said === undefined ? alignOf(await resolved.value()) : alignNamed(said);
    // A wildcard's columns are those of the first object; anything else asks each object anew.
    const name = resolved.name;
    const read = expression.isWildcard ? (o: Value) => property(o, name) : (o: Value) => expression.first(o);
    add({ label: safeLines(name), read, format }, align, width === undefined ? undefined : Math.max(1, Number(width)));
  }
}

function formatOf(expression: PropertyExpression): string | undefined {
  const format = expression.options.get('formatstring');
  return format === undefined ? undefined : printed(format);
}

function alignNamed(value: Value): Align {
  const text = printed(value).toLowerCase();
  return text === 'right' || text === 'center' ? text : 'left';
}

/** ComputeDefaultAlignment: numbers and truth values right, everything else left. */
function alignOf(value: Value | undefined): Align {
  return isFigure(value) || typeof value === 'boolean' || value instanceof Unlimited ? 'right' : 'left';
}

function shapeByCount(object: Value): 'table' | 'list' {
  return propertyNames(object).length > PROPERTIES_OF_A_TABLE ? 'list' : 'table';
}

/** GetDisplayNameExpression: the first of these that an object has names it. */
const NAMING = [/^name$/i, /^id$/i, /^key$/i, /key$/i, /name$/i, /id$/i];

function wideField(object: Value, request: ViewRequest): Field {
  const expression = request.properties?.[0];
  if (expression) return { label: expression.name, read: (o) => expression.first(o), format: formatOf(expression) };
  const names = propertyNames(object).filter((name) => !request.exclude?.(name));
  const name = NAMING.map((pattern) => names.find((n) => pattern.test(n))).find((n) => n !== undefined) ?? names[0];
  return { label: name ?? '', read: (o) => (name === undefined ? undefined : property(o, name)) };
}

async function row(view: View, object: Value, request: ViewRequest): Promise<FormatRecord> {
  if (view.shape.kind === 'list') return entry(object, request);
  const limit = limitOf(request);
  const cells: string[] = [];
  for (const field of view.fields) {
    const read = field.read(object);
    cells.push(fieldText(read instanceof Promise ? await read : read, field.format, { table: view.rounds, limit }));
  }
  return { kind: 'row', cells };
}

/** Every object of a list shows its own properties; those it does not have are left out. */
async function entry(object: Value, request: ViewRequest): Promise<FormatRecord> {
  const limit = limitOf(request);
  const labels: string[] = [];
  const values: string[] = [];
  const add = (label: string, value: Value | undefined, format?: string) => {
    labels.push(safeLines(label));
    values.push(fieldText(value, format, { limit }));
  };
  if (request.properties) {
    for (const expression of request.properties) {
      const format = formatOf(expression);
      for (const resolved of expression.resolve(object)) {
        if (request.exclude?.(resolved.name)) continue;
        const value = await resolved.value();
        if (value !== undefined) add(resolved.name, value, format);
      }
    }
  } else {
    const names = defaultView(typeOf(object))?.list ?? propertyNames(object);
    for (const name of names) if (!request.exclude?.(name)) add(name, property(object, name));
  }
  return { kind: 'entry', labels, values };
}

function fieldText(value: Value | undefined, format: string | undefined, options: CellOptions): string {
  return format === undefined ? cellText(value, options) : safeLines(formatNumber(value ?? null, format));
}

function limitOf({ limit }: ViewRequest): number | undefined {
  return typeof limit === 'function' ? limit() : limit;
}
