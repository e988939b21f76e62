// The figures at the top: how many are connected, refused, at their limit.

import type { Feed } from '../live.ts';
import { h, setAttribute, setText, svg } from '../parts/dom.ts';
import { counted, number } from '../parts/format.ts';
import { isFull } from '../sources.ts';

/** The four figures at the top. */
export function overview(feed: Feed) {
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
      const atLimit = feed.sources.filter(isFull).length;
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
