// The first view: every connector with its limits and live use, the sources nearest to a limit, and the latest events.
import type { ConnectorRow as Row } from '../view.ts';
import { column, gauge, h, Rows, setAttribute, setText, svg } from './dom.ts';
import { eventRow } from './events.ts';
import { counted, number } from './format.ts';
import type { Feed } from './live.ts';
import { isNear, sourceRow, sourcesHead } from './sources.ts';

const SHOWN = 100;

const collator = new Intl.Collator('en', { numeric: true }); // made once: it costs more than what it compares

const ORDERS: Record<string, (a: Row, b: Row) => number> = {
  name: (a, b) => collator.compare(a.name, b.name),
  open: (a, b) => share(b) - share(a) || b.open - a.open,
  top: (a, b) => topShare(b) - topShare(a),
  sources: (a, b) => b.sources - a.sources,
  minute: (a, b) => b.minute - a.minute || b.refused - a.refused,
  refused: (a, b) => b.refused - a.refused,
  accepted: (a, b) => b.accepted - a.accepted,
};
let order = 'name';

const share = ({ open, limit }: Row) => (limit === null ? 0 : open / limit);
const topShare = ({ top }: Row) => (!top || top.limit === null ? 0 : top.open / top.limit);

export function connectorsView(root: HTMLElement, feed: Feed) {
  const filter = h('input', {
    type: 'search',
    placeholder: 'Filter by name or binding',
    'aria-label': 'Filter connectors',
    oninput: () => update(),
  });
  const found = h('span', { class: 'quiet', role: 'status' });
  const body = h('tbody');
  const rows = new Rows(body, (row: Row) => row.guid, connectorRow);
  const more = h('button', {
    type: 'button',
    class: 'more',
    hidden: true,
    onclick: () => {
      all = true;
      update();
    },
  });
  let all = false;
  const heads = [
    sortable('name', 'Connector'),
    sortable('open', 'Open / limit', 'gauge-column'),
    sortable('top', 'Busiest source', 'gauge-column wide'),
    sortable('sources', 'Sources', 'number wide'),
    sortable('minute', 'Refused, 1 min', 'number'),
    sortable('refused', 'Refused', 'number wide'),
    sortable('accepted', 'Accepted', 'number wide'),
  ];
  const figures = overview(feed);
  const near = h('tbody');
  const nearRows = new Rows(near, (s: Feed['sources'][number]) => `${s.guid} ${s.address}`, sourceRow);
  const nearEmpty = h('p', { class: 'empty' }, 'No source is near its limit.');
  const nearTable = h(
    'table',
    { class: 'brief' },
    h('caption', { class: 'unseen' }, 'Sources near their limit or refused in the last minute'),
    sourcesHead(),
    near,
  );
  const latest = h('tbody');
  const latestRows = new Rows(latest, (e: Feed['events'][number]) => e.key, eventRow);
  root.append(
    figures.node,
    h(
      'section',
      { class: 'panel', 'aria-labelledby': 'connectors-title' },
      h('div', { class: 'panel-head' }, h('h2', { id: 'connectors-title' }, 'Receive connectors'), found, filter),
      h(
        'table',
        { class: 'connectors' },
        h('caption', { class: 'unseen' }, 'Receive connectors with their limits and live use'),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            heads.map(({ node }) => node),
          ),
        ),
        body,
      ),
      more,
    ),
    h(
      'div',
      { class: 'pair' },
      h(
        'section',
        { class: 'panel', 'aria-labelledby': 'near-title' },
        h(
          'div',
          { class: 'panel-head' },
          h('h2', { id: 'near-title' }, 'Sources near their limit'),
          h('a', { href: '#/sources' }, 'All sources'),
        ),
        nearTable,
        nearEmpty,
      ),
      h(
        'section',
        { class: 'panel', 'aria-labelledby': 'latest-title' },
        h(
          'div',
          { class: 'panel-head' },
          h('h2', { id: 'latest-title' }, 'Latest events'),
          h('a', { href: '#/events' }, 'All events'),
        ),
        h(
          'table',
          { class: 'events brief' },
          h('caption', { class: 'unseen' }, 'Latest events, newest first'),
          h('thead', { class: 'unseen' }, h('tr', {}, column('Time'), column('Level'), column('Event'))),
          latest,
        ),
      ),
    ),
  );

  function sortable(key: string, text: string, className?: string) {
    const button = h(
      'button',
      {
        type: 'button',
        class: 'sort',
        onclick: () => {
          order = key;
          update();
        },
      },
      text,
    );
    return { key, node: h('th', { scope: 'col', class: className }, button) };
  }

  function update() {
    figures.update();
    for (const { key, node } of heads)
      setAttribute(node, 'aria-sort', key === order ? (key === 'name' ? 'ascending' : 'descending') : undefined);
    const wanted = filter.value.trim().toLowerCase();
    const matching = [...feed.connectors.values()].filter(
      (row) => !wanted || `${row.name}\n${row.bindings}`.toLowerCase().includes(wanted),
    );
    matching.sort((a, b) => ORDERS[order]?.(a, b) || ORDERS.name?.(a, b) || 0);
    rows.show(all ? matching : matching.slice(0, SHOWN));
    more.hidden = all || matching.length <= SHOWN;
    setText(more, `Show all ${number(matching.length)}`);
    setText(found, wanted ? `${number(matching.length)} of ${number(feed.connectors.size)}` : '');
    const nearest = feed.sources.filter(isNear).slice(0, 6);
    nearRows.show(nearest);
    nearTable.hidden = nearest.length === 0;
    nearEmpty.hidden = nearest.length > 0;
    latestRows.show(feed.events.slice(0, 6));
  }
  return { update };
}

function connectorRow(first: Row) {
  const link = h('a', { href: `#/connector/${first.guid}`, class: 'name' });
  const bindings = h('span', { class: 'bindings' });
  const mark = h('span', { class: 'mark' });
  const open = gauge();
  const top = gauge();
  const address = h('span', { class: 'address' });
  const [sources, minute, refused, accepted] = [
    cell('number wide'),
    cell('number'),
    cell('number wide'),
    cell('number wide'),
  ];
  const topCell = h('td', { class: 'gauge-column wide' }, address, top.node);
  const node = h(
    'tr',
    {},
    h('th', { scope: 'row' }, link, mark, bindings),
    h('td', { class: 'gauge-column' }, open.node),
    topCell,
    sources,
    minute,
    refused,
    accepted,
  );
  return {
    node,
    update(row: Row) {
      setText(link, row.name);
      setText(bindings, row.bindings);
      setText(mark, row.removed ? 'leaving' : row.enabled ? '' : 'disabled');
      setAttribute(node, 'class', row.enabled && !row.removed ? undefined : 'off');
      open.update(row.open, row.limit);
      setText(address, row.top?.address ?? '—');
      top.node.hidden = row.top === null;
      if (row.top) top.update(row.top.open, row.top.limit);
      for (const [to, value] of [
        [sources, row.sources],
        [minute, row.minute],
        [refused, row.refused],
        [accepted, row.accepted],
      ] as const) {
        setText(to, number(value));
        setAttribute(to, 'data-zero', value === 0);
      }
      setAttribute(minute, 'data-level', row.minute > 0 ? 'refused' : undefined);
    },
  };
}

function cell(className: string) {
  return h('td', { class: className });
}

/** The four figures at the top. */
function overview(feed: Feed) {
  const open = figure('Open connections');
  const minute = figure('Refused in the last minute');
  const full = figure('Sources at their limit');
  const enabled = figure('Connectors enabled');
  const spark = sparkline();
  minute.node.append(spark.node);
  return {
    node: h('dl', { class: 'figures' }, open.node, minute.node, full.node, enabled.node),
    update() {
      const rows = [...feed.connectors.values()];
      const sources = rows.reduce((sum, row) => sum + row.sources, 0);
      open.update(feed.server?.open ?? 0, `from ${counted(sources, 'source')}`);
      minute.update(feed.minute, '', feed.minute > 0 ? 'refused' : undefined);
      const atLimit = feed.sources.filter(({ connections, limit }) => limit !== null && connections >= limit).length;
      full.update(
        atLimit,
        atLimit ? 'their next connection is refused' : 'all have room',
        atLimit ? 'full' : undefined,
      );
      enabled.update(rows.filter((row) => row.enabled && !row.removed).length, `of ${number(rows.length)}`);
      spark.update(feed.refusals);
    },
  };
}

function figure(label: string) {
  const value = h('dd', { class: 'figure' });
  const note = h('dd', { class: 'quiet' });
  return {
    node: h('div', {}, h('dt', {}, label), value, note),
    update(n: number, more: string, level?: string) {
      setText(value, number(n));
      setText(note, more);
      setAttribute(value, 'data-level', level);
    },
  };
}

const STEPS = 60;

/** Refusals over five minutes, a bar a step of five seconds. Its numbers are in the figure beside it, so it is for the eyes only. */
function sparkline() {
  const bars = Array.from({ length: STEPS }, (_, i) => svg('rect', { x: i * 2, width: 1.5, y: 23, height: 1 }));
  const node = h(
    'dd',
    { class: 'spark', 'aria-hidden': 'true', title: 'Refusals in the last five minutes' },
    svg('svg', { viewBox: `0 0 ${STEPS * 2} 24`, preserveAspectRatio: 'none' }, ...bars),
  );
  return {
    node,
    update(values: readonly number[]) {
      const most = Math.max(1, ...values);
      bars.forEach((bar, i) => {
        const value = values[values.length - STEPS + i] ?? 0;
        const height = value ? Math.max(2, (value / most) * 24) : 1;
        setAttribute(bar, 'height', height.toFixed(1));
        setAttribute(bar, 'y', (24 - height).toFixed(1));
        setAttribute(bar, 'class', value ? 'some' : undefined);
      });
    },
  };
}
