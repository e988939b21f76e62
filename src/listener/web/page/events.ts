// What happens, as it happens, with filters; held still while somebody reads.

import type { Feed } from './live.ts';
import { column, h, Rows, setText } from './parts/dom.ts';
import { number } from './parts/format.ts';
import { button, filterField, table as makeTable, panel, showRows, whenCell } from './parts/panel.ts';
import { ask } from './server.ts';

type Event = Feed['events'][number];

const MOST_ROWS = 1000;
const LEVELS = ['Error', 'Warning', 'Information'] as const;

export function eventRow(event: Event) {
  const node = h(
    'tr',
    { 'data-level': event.level },
    whenCell(event.time),
    h('td', { class: 'level' }, h('span', { class: 'badge', 'data-level': event.level }, event.level)),
    h(
      'td',
      { class: 'event' },
      h(
        'span',
        { class: 'message' },
        h('span', { class: 'id' }, event.id),
        h('span', { class: 'badge narrow', 'data-level': event.level }, ` ${event.level}`),
        ' ',
        event.message,
      ),
    ),
  );
  return { node, update: () => {} };
}

/** An event as `rc get-event` gives it. */
interface Logged {
  readonly Time: string;
  readonly Id: number;
  readonly Level: Event['level'];
  readonly Message: string;
}

function fromLog({ Time, Id, Level, Message }: Logged, number: number): Event {
  return { key: `log ${number}`, time: Time, id: Id, level: Level, message: Message };
}

/** A box for each level, all ticked. */
function levelBoxes(changed: () => void) {
  const levels = LEVELS.map((level) => ({
    level,
    box: h('input', { type: 'checkbox', checked: true, onchange: changed }),
  }));
  const node = h(
    'fieldset',
    { class: 'levels' },
    h('legend', { class: 'unseen' }, 'Levels'),
    levels.map(({ level, box }) => h('label', { class: 'check' }, box, level)),
  );
  const chosen = () => new Set(levels.filter(({ box }) => box.checked).map(({ level }) => level));
  return { node, chosen };
}

/** The button that fetches them from the log; newest first. */
function olderEvents(changed: () => void) {
  let events: Event[] = [];
  const told = h('span', { class: 'quiet', role: 'status' });
  const fetch = button('Older events, from the log', async () => {
    try {
      const answer = await ask<{ events: Logged[] }>('/events');
      events = answer.events.map(fromLog).reverse();
      setText(told, `the newest ${number(events.length)} of the log; more with rc get-event`);
    } catch (error) {
      setText(told, (error as Error).message);
    }
    changed();
  });
  return { node: h('p', { class: 'older' }, fetch, told), events: () => events };
}

export function eventsView(root: HTMLElement, feed: Feed) {
  const filter = filterField('Filter events', 'Filter by text, address or id', () => update());
  const levels = levelBoxes(() => update());
  /** The events as they were when somebody stopped them. */
  let held: Event[] | undefined;
  const hold = button('Pause', () => {
    held = held ? undefined : [...feed.events];
    hold.setAttribute('aria-pressed', String(held !== undefined));
    update();
  });
  hold.setAttribute('aria-pressed', 'false');
  const older = olderEvents(() => update());
  const { node: table, body } = makeTable(
    { caption: 'Events, newest first', className: 'events' },
    column('Time', 'when'),
    column('Level', 'level'),
    'Event',
  );
  const rows = new Rows(body, (event: Event) => event.key, eventRow);
  const empty = h('p', { class: 'empty' });
  root.append(panel('Events', { tools: [levels.node, hold, filter] }, table, empty, older.node));
  function update() {
    const wanted = filter.value.trim().toLowerCase();
    const on = levels.chosen();
    const live = held ?? feed.events;
    const oldest = live.at(-1)?.time ?? '';
    const all = [...live, ...older.events().filter(({ time }) => !oldest || time < oldest)];
    const matching = all.filter(
      (event) => on.has(event.level) && (!wanted || `${event.id} ${event.message}`.toLowerCase().includes(wanted)),
    );
    rows.show(matching.slice(0, MOST_ROWS));
    showRows(table, empty, matching.length > 0, all.length ? 'No event fits.' : 'Nothing has happened yet.');
    const fresh = held ? feed.events.indexOf(held[0] as Event) : 0;
    setText(hold, held ? `Resume${fresh > 0 ? ` (${number(fresh)} new)` : ''}` : 'Pause');
  }
  return { update };
}
