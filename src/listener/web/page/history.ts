// Who changed what, when and with which command: what `rc history` says, and taking a change back.

import { confirmChange } from './change.ts';
import { atEachGeneration, type Feed } from './live.ts';
import { column, h } from './parts/dom.ts';
import { breakable, shown } from './parts/format.ts';
import { button, filterField, table as makeTable, panel, quiet, showRows, timeOf } from './parts/panel.ts';
import { ask } from './server.ts';
import { temporaryPanel } from './temporary.ts';

type Change = {
  Kind: string;
  Name: string;
  Change: string;
  Settings: { Setting: string; Before: unknown; After: unknown }[];
};
type Entry = {
  Generation: number;
  When: string;
  Who: string;
  Command: string;
  Changes: Change[];
  Undoes: number | null;
};

const SETTINGS_SHOWN = 6;

export function historyView(root: HTMLElement, feed: Feed) {
  let entries: Entry[] = [];
  const filter = filterField('Filter history', 'Filter by name, setting or command', () => draw());
  const { node: table, body } = makeTable(
    { caption: 'Changes, newest first', className: 'history' },
    column('Generation', 'number'),
    'When',
    'Who',
    'What changed, and with which command',
    h('th', { scope: 'col' }, h('span', { class: 'unseen' }, 'Undo')),
  );
  table.setAttribute('role', 'table'); // on small screens its rows are laid out anew
  table.hidden = true;
  const empty = h('p', { class: 'empty' }, 'Reading …');
  const temporary = temporaryPanel(feed);
  root.append(temporary.node, panel('History', { tools: [quiet('newest first, at most 200'), filter] }, table, empty));

  function draw() {
    const wanted = filter.value.trim().toLowerCase();
    const matching = entries.filter((entry) => !wanted || JSON.stringify(entry).toLowerCase().includes(wanted));
    const undone = new Set(entries.map((entry) => entry.Undoes));
    body.replaceChildren(...matching.map((entry) => entryRow(entry, undone.has(entry.Generation))));
    showRows(table, empty, matching.length > 0, 'No change fits.');
  }

  async function read() {
    try {
      entries = (await ask<{ entries: Entry[] }>('/history')).entries;
      // Looked at when they are here: the reader may have gone elsewhere meanwhile
      const focused = document.activeElement?.getAttribute('data-undo');
      draw();
      if (focused) (body.querySelector(`[data-undo="${focused}"]`) as HTMLElement | null)?.focus();
    } catch (error) {
      showRows(table, empty, false, `The history cannot be shown. ${(error as Error).message}`);
    }
  }

  return {
    update: atEachGeneration(feed, () => Promise.all([read(), temporary.read()])),
  };
}

function entryRow(entry: Entry, undone: boolean) {
  const changes = entry.Changes.flatMap((change) => changeLines(change));
  const rest = changes.length - SETTINGS_SHOWN;
  const list = h('ul', { class: 'changes' }, changes.slice(0, SETTINGS_SHOWN));
  if (rest > 0) {
    const showAll = () => list.replaceChildren(...changes);
    list.append(h('li', {}, button(`and ${rest} more`, showAll, { className: 'more' })));
  }
  const undo = button('Undo', () => takeBack(entry), { label: `Undo generation ${entry.Generation}` });
  undo.dataset.undo = String(entry.Generation);
  const first = entry.Command.startsWith('(');
  return h(
    'tr',
    { role: 'row' },
    h('th', { scope: 'row', role: 'rowheader', class: 'number' }, entry.Generation),
    h('td', { role: 'cell', class: 'when' }, timeOf(entry.When)),
    h('td', { role: 'cell' }, entry.Who || '—'),
    h('td', { role: 'cell' }, list, h('code', { class: first ? 'quiet plain' : '' }, entry.Command)),
    h('td', { role: 'cell', class: 'actions' }, undone ? h('span', { class: 'quiet' }, 'undone') : first ? null : undo),
  );
}

function changeLines({ Kind, Name, Change, Settings }: Change) {
  const what = Kind === 'ReceiveConnector' ? Name : `${Kind} ${Name}`.trim();
  if (Change !== 'set')
    return [h('li', {}, h('strong', {}, what), ` ${Change === 'new' ? 'was made' : 'was removed'}`)];
  return Settings.map(({ Setting, Before, After }) =>
    h('li', {}, h('strong', {}, what), ' ', ...breakable(Setting), ' ', ...differenceOf(Before, After)),
  );
}

/** Of lists what came and what went, of anything else both. */
function differenceOf(before: unknown, after: unknown) {
  if (Array.isArray(before) && Array.isArray(after)) {
    const came = after.filter((one) => !before.includes(one)).map((one) => h('ins', {}, `+ ${shown(one)} `));
    const went = before.filter((one) => !after.includes(one)).map((one) => h('del', {}, `− ${shown(one)}`));
    if (came.length + went.length > 0) return [...came, ...went.flatMap((one) => [one, ' '])];
  }
  return [h('del', {}, h('span', { class: 'unseen' }, 'from '), shown(before)), ' → ', h('ins', {}, shown(after))];
}

function takeBack({ Generation }: Entry) {
  return confirmChange({
    title: `Undo generation ${Generation}?`,
    path: '/undo',
    body: { generation: Generation },
    confirm: 'Undo it',
    canForce: true,
  });
}
