// Client addresses: how near each is to its limit, which setting gives the limit, and how often it was refused.

import type { Feed } from './live.ts';
import { column, h, Rows, setAttribute, setText } from './parts/dom.ts';
import { ago, number } from './parts/format.ts';
import { gauge } from './parts/gauge.ts';
import { filterField, panel, quiet, showRows, table } from './parts/panel.ts';

type Source = Feed['sources'][number];

/** Three quarters of the limit are used, or it was refused in the last minute. */
export function isNear({ connections, limit, refused }: Source) {
  return refused.minute > 0 || (limit !== null && connections >= limit * 0.75);
}

/** Its next connection is refused. */
export function isFull({ connections, limit }: Source) {
  return limit !== null && connections >= limit;
}

export function sourcesTable(caption: string, className: string) {
  return table(
    { caption, className },
    'Source',
    column('Open / limit', 'gauge-column'),
    column('Limit from', 'wide'),
    column('Refused, 1 min', 'number'),
    column('1 hour', 'number wide extra'),
    column('Last refused', 'wide extra'),
  );
}

export function sourceRow(first: Source) {
  const use = gauge();
  const connector = h('a', { class: 'quiet' });
  const rule = h('a', { class: 'rule' });
  const [minute, hour] = [h('td', { class: 'number' }), h('td', { class: 'number wide extra' })];
  const last = h('time');
  const causes = h('span', { class: 'causes' });
  const node = h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      h(
        'a',
        {
          class: 'address',
          href: `#/why/${encodeURIComponent(first.address)}`,
          title: 'What is this client answered, and why?',
        },
        first.address,
      ),
      connector,
    ),
    h('td', { class: 'gauge-column' }, use.node),
    h('td', { class: 'wide' }, rule),
    minute,
    hour,
    h('td', { class: 'wide quiet extra' }, last, causes),
  );
  return {
    node,
    update(source: Source) {
      use.update(source.connections, source.limit);
      setText(connector, source.connector || 'no connector takes it');
      setAttribute(connector, 'href', source.guid ? `#/connector/${source.guid}` : undefined);
      setText(rule, ruleName(source.rule));
      setAttribute(rule, 'href', source.rule ? `#/connector/${source.guid}/${source.rule}` : undefined);
      setAttribute(rule, 'title', source.rule || undefined);
      for (const [to, value] of [
        [minute, source.refused.minute],
        [hour, source.refused.hour],
      ] as const) {
        setText(to, number(value));
        setAttribute(to, 'data-zero', value === 0);
      }
      setAttribute(minute, 'data-level', source.refused.minute > 0 ? 'refused' : undefined);
      setText(last, ago(source.lastRefused));
      setAttribute(last, 'datetime', source.lastRefused || undefined);
      setText(causes, source.because.map(({ cause, hour }) => ` ${cause} ${number(hour)}`).join(','));
    },
  };
}

function ruleName(rule: Source['rule']) {
  if (rule === 'MaxInboundConnectionPerSource') return 'per source';
  if (rule === 'MaxInboundConnectionPercentagePerSource') return 'percentage';
  return '—';
}

export function sourcesView(root: HTMLElement, feed: Feed) {
  const filter = filterField('Filter sources', 'Filter by address or connector', () => update());
  const nearOnly = h('input', { type: 'checkbox', onchange: () => update() });
  const { node, body } = sourcesTable('Sources, nearest to their limit first', 'sources');
  const rows = new Rows(body, (s: Source) => `${s.guid} ${s.address}`, sourceRow);
  const empty = h('p', { class: 'empty' });
  root.append(
    panel(
      'Sources',
      {
        tools: [
          quiet('nearest to their limit first, at most 100'),
          h('label', { class: 'check' }, nearOnly, 'Near their limit only'),
          filter,
        ],
      },
      node,
      empty,
    ),
  );
  function update() {
    const wanted = filter.value.trim().toLowerCase();
    const matching = feed.sources.filter(
      (s) =>
        (!nearOnly.checked || isNear(s)) && (!wanted || `${s.address}\n${s.connector}`.toLowerCase().includes(wanted)),
    );
    rows.show(matching);
    const none = feed.sources.length
      ? 'No source fits.'
      : 'Nobody is connected, and nobody was refused within the hour.';
    showRows(node, empty, matching.length > 0, none);
  }
  return { update };
}
