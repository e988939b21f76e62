// What happens, as it happens, with filters; held still while somebody reads.

import type { Feed } from './live.ts';
import { column, h, Rows, setText } from './parts/dom.ts';
import { clock, moment, number } from './parts/format.ts';
import { button, filterField, table as makeTable, panel } from './parts/panel.ts';
import { ask } from './server.ts';

type Event = Feed['events'][number];

const MOST_ROWS = 1000;
const LEVELS = ['Error', 'Warning', 'Information'] as const;

function isToday(iso: string) {
  return new Date(iso).toDateString() === new Date().toDateString();
}

export function eventRow(event: Event) {
  const node = h(
    'tr',
    { 'data-level': event.level },
    h(
      'td',
      { class: 'when' },
      h(
        'time',
        { datetime: event.time, title: moment(event.time) },
        isToday(event.time) ? clock(event.time) : moment(event.time),
      ),
    ),
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

export function eventsView(root: HTMLElement, feed: Feed) {
  const filter = filterField('Filter events', 'Filter by text, address or id', () => update());
  const levels = LEVELS.map((level) => ({
    level,
    box: h('input', { type: 'checkbox', checked: true, onchange: () => update() }),
  }));
  /** The events as they were when somebody stopped them. */
  let held: Event[] | undefined;
  const hold = h('button', {
    type: 'button',
    'aria-pressed': 'false',
    onclick: () => {
      held = held ? undefined : [...feed.events];
      hold.setAttribute('aria-pressed', String(held !== undefined));
      update();
    },
  });
  /** Newest first. */
  let older: Event[] = [];
  const olderProblem = h('span', { class: 'quiet', role: 'status' });
  const olderButton = button('Older events, from the log', async () => {
    try {
      const { events } = await ask<{ events: Logged[] }>('/events');
      older = events.map(fromLog).reverse();
      setText(olderProblem, `the newest ${number(older.length)} of the log; more with rc get-event`);
    } catch (error) {
      setText(olderProblem, (error as Error).message);
    }
    update();
  });
  const { node: table, body } = makeTable(
    { caption: 'Events, newest first', className: 'events' },
    column('Time', 'when'),
    column('Level', 'level'),
    'Event',
  );
  const rows = new Rows(body, (event: Event) => event.key, eventRow);
  const empty = h('p', { class: 'empty' });
  root.append(
    panel(
      'Events',
      {
        tools: [
          h(
            'fieldset',
            { class: 'levels' },
            h('legend', { class: 'unseen' }, 'Levels'),
            levels.map(({ level, box }) => h('label', { class: 'check' }, box, level)),
          ),
          hold,
          filter,
        ],
      },
      table,
      empty,
      h('p', { class: 'older' }, olderButton, olderProblem),
    ),
  );
  function update() {
    const wanted = filter.value.trim().toLowerCase();
    const on = new Set(levels.filter(({ box }) => box.checked).map(({ level }) => level));
    const live = held ?? feed.events;
    const oldest = live.at(-1)?.time ?? '';
    const all = [...live, ...older.filter(({ time }) => !oldest || time < oldest)];
    const matching = all.filter(
      (event) => on.has(event.level) && (!wanted || `${event.id} ${event.message}`.toLowerCase().includes(wanted)),
    );
    rows.show(matching.slice(0, MOST_ROWS));
    table.hidden = matching.length === 0;
    empty.hidden = matching.length > 0;
    setText(empty, all.length ? 'No event fits.' : 'Nothing has happened yet.');
    const fresh = held ? feed.events.indexOf(held[0] as Event) : 0;
    setText(hold, held ? `Resume${fresh > 0 ? ` (${number(fresh)} new)` : ''}` : 'Pause');
  }
  return { update };
}
