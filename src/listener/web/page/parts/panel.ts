// Panels, tables and filters: what every view is made of.
import { type Content, column, h, setText } from './dom.ts';
import { clock, moment } from './format.ts';

let numbered = 0;

/** A part of a view with its heading; `tools` stand beside it. */
export function panel(
  title: string | Node,
  { level = 'h2', tools = [] }: { level?: 'h2' | 'h3'; tools?: (Node | false)[] } = {},
  ...content: (Node | false)[]
) {
  const id = `panel-${++numbered}`;
  const heading = h(level, { id }, title);
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': id },
    h('div', { class: 'panel-head' }, heading, tools),
    content,
  );
}

/** A field that filters what is below it. */
export function filterField(label: string, placeholder: string, changed: () => void) {
  return h('input', { type: 'search', placeholder, 'aria-label': label, oninput: changed });
}

/** A table with a caption for those who hear it. @param columns texts, or heads made elsewhere; empty: a column of buttons */
export function table(
  { caption, className, headless }: { caption: string; className?: string; headless?: boolean },
  ...columns: (string | HTMLElement)[]
) {
  const body = h('tbody');
  const heads = columns.map((one) =>
    one === '' ? h('th', { scope: 'col' }, unseen('Actions')) : typeof one === 'string' ? column(one) : one,
  );
  const node = h(
    'table',
    { class: className },
    h('caption', { class: 'unseen' }, caption),
    h('thead', { class: headless ? 'unseen' : undefined }, h('tr', {}, heads)),
    body,
  );
  return { node, body };
}

function unseen(text: string) {
  return h('span', { class: 'unseen' }, text);
}

/** Shows a table, or what is said in its place where it has no rows. */
export function showRows(table: HTMLElement, empty: HTMLElement, isFilled: boolean, said?: string) {
  table.hidden = !isFilled;
  empty.hidden = isFilled;
  if (said !== undefined) setText(empty, said);
}

/** A button that says in full, to who cannot see its row, what it is about. */
export function button(
  text: string,
  act: () => unknown,
  { label, className }: { label?: string; className?: string } = {},
) {
  return h('button', { type: 'button', 'aria-label': label, class: className, onclick: () => void act() }, text);
}

/** The cell at the end of a row with what can be done with it. */
export function actionsCell(...buttons: Content[]) {
  return h('td', { class: 'actions' }, h('span', { class: 'actions' }, ...buttons));
}

/** A name and what stands behind it, of a list of facts. */
export function fact(name: string, value: string | Node) {
  return h('div', {}, h('dt', {}, name), value instanceof Node ? value : h('dd', {}, value));
}

/** What went wrong, or what to mind. */
export function note(level: 'Error' | 'Warning', text: string) {
  return h('p', { class: 'note', 'data-level': level }, text);
}

/** A moment that programs can read too. */
export function timeOf(iso: string) {
  return h('time', { datetime: iso }, moment(iso));
}

/** When something happened: of today the time alone. */
export function whenCell(iso: string) {
  const isToday = new Date(iso).toDateString() === new Date().toDateString();
  const shown = isToday ? clock(iso) : moment(iso);
  return h('td', { class: 'when' }, h('time', { datetime: iso, title: moment(iso) }, shown));
}

/** What is said beside the matter, paler. */
export function quiet(...text: (string | Node)[]) {
  return h('span', { class: 'quiet' }, text);
}
