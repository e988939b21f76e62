// Panels, tables and filters: what every view is made of.
import { column, h } from './dom.ts';

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

/** A button that says in full, to who cannot see its row, what it is about. */
export function button(text: string, act: () => unknown, { label }: { label?: string } = {}) {
  return h('button', { type: 'button', 'aria-label': label, onclick: () => void act() }, text);
}

/** What is said beside the matter, paler. */
export function quiet(...text: (string | Node)[]) {
  return h('span', { class: 'quiet' }, text);
}
