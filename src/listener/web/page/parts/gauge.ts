import { h, setAttribute, setText } from './dom.ts';

/** How much of a limit is used: numbers for all, a bar for those who see. */
export function gauge() {
  const open = h('span', { class: 'gauge-open' });
  const limit = h('span', { class: 'gauge-limit' });
  const fill = h('span', { class: 'gauge-fill' });
  const node = h(
    'span',
    { class: 'gauge' },
    h('span', { class: 'gauge-text' }, open, ' / ', limit),
    h('span', { class: 'gauge-track', 'aria-hidden': 'true' }, fill),
  );
  return {
    node,
    /** @param most null is no limit */
    update(used: number, most: number | null) {
      const share = most === null ? 0 : most === 0 ? 1 : Math.min(1, used / most);
      setText(open, used.toLocaleString('en-US'));
      setText(limit, most === null ? '∞' : most.toLocaleString('en-US'));
      setAttribute(limit, 'aria-label', most === null ? 'no limit' : undefined);
      fill.style.setProperty('--share', String(share));
      setAttribute(node, 'data-level', most === null ? 'free' : share >= 1 ? 'full' : share >= 0.75 ? 'near' : 'fine');
    },
  };
}
