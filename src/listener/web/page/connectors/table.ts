// The table of connectors with their limits and live use, those in trouble first.
import type { ConnectorRow as Row } from '../../view.ts';
import type { Feed } from '../live.ts';
import { h, Rows, setAttribute, setText } from '../parts/dom.ts';
import { number } from '../parts/format.ts';
import { gauge } from '../parts/gauge.ts';
import { button, table } from '../parts/panel.ts';
import { rankOf, wordOf } from './trouble.ts';

const SHOWN = 100;

const collator = new Intl.Collator('en', { numeric: true }); // made once: it costs more than what it compares
const byName = (a: Row, b: Row) => collator.compare(a.name, b.name);

const ORDERS: Record<string, (a: Row, b: Row) => number> = {
  name: byName,
  open: (a, b) => share(b) - share(a) || b.open - a.open,
  top: (a, b) => topShare(b) - topShare(a),
  sources: (a, b) => b.sources - a.sources,
  minute: (a, b) => b.minute - a.minute || b.refused - a.refused,
  refused: (a, b) => b.refused - a.refused,
  accepted: (a, b) => b.accepted - a.accepted,
};
/** Trouble first until somebody wants it otherwise. */
let order = 'trouble';

const share = ({ open, limit }: Row) => (limit === null ? 0 : open / limit);
const topShare = ({ top }: Row) => (!top || top.limit === null ? 0 : top.open / top.limit);

export function connectorsTable(feed: Feed, changed: () => void) {
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
  const { node, body } = table(
    { caption: 'Receive connectors with their limits and live use', className: 'connectors' },
    ...heads.map(({ head }) => head),
  );
  const rows = new Rows(
    body,
    (row: Row) => row.guid,
    (row) => connectorRow(row, feed),
  );
  const showAll = () => {
    all = true;
    changed();
  };
  const more = button('', showAll, { className: 'more' });
  more.hidden = true;

  function sortable(key: string, text: string, className?: string) {
    const press = () => {
      order = order === key && key === 'name' ? 'trouble' : key;
      changed();
    };
    return { key, head: h('th', { scope: 'col', class: className }, button(text, press, { className: 'sort' })) };
  }

  return {
    nodes: [node, more],
    /** @returns how many fit */
    update(wanted: string): number {
      for (const { key, head } of heads)
        setAttribute(head, 'aria-sort', key === order ? (key === 'name' ? 'ascending' : 'descending') : undefined);
      const matching = [...feed.connectors.values()].filter(
        (row) => !wanted || `${row.name}\n${row.bindings}`.toLowerCase().includes(wanted),
      );
      if (order === 'trouble') {
        const ranks = new Map(matching.map((row) => [row.guid, rankOf(row, feed)]));
        matching.sort((a, b) => ranks.get(b.guid)! - ranks.get(a.guid)! || byName(a, b));
      } else matching.sort((a, b) => ORDERS[order]?.(a, b) || byName(a, b));
      rows.show(all ? matching : matching.slice(0, SHOWN));
      more.hidden = all || matching.length <= SHOWN;
      setText(more, `Show all ${number(matching.length)}`);
      return matching.length;
    },
  };
}

function connectorRow(first: Row, feed: Feed) {
  const link = h('a', { href: `#/connector/${first.guid}`, class: 'name' });
  const bindings = h('span', { class: 'bindings wide' });
  const lines = h('span', { class: 'bindings lines' }); // one a line, where there is little room
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
    h('th', { scope: 'row' }, link, mark, bindings, lines),
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
      setText(lines, row.bindings.replaceAll(', ', '\n'));
      const trouble = wordOf(row, feed);
      setText(mark, trouble || (row.removed ? 'leaving' : row.enabled ? '' : 'disabled'));
      setAttribute(mark, 'data-level', trouble ? 'refused' : undefined);
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
