// Parts of one thing, one shown at a time (WAI-ARIA, tabs): arrows go from one to the next.
import { h } from './dom.ts';

let numbered = 0;

interface Tab {
  readonly name: string;
  /** Made when it is first shown. */
  readonly fill: () => (Node | false)[];
}

export function tabs(label: string, parts: readonly Tab[]) {
  const id = `tabs-${++numbered}`;
  const panels = parts.map((_, i) =>
    h('div', {
      role: 'tabpanel',
      id: `${id}-panel-${i}`,
      'aria-labelledby': `${id}-tab-${i}`,
      tabindex: '0',
      hidden: true,
    }),
  );
  const buttons = parts.map(({ name }, i) =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `${id}-tab-${i}`,
        'aria-controls': `${id}-panel-${i}`,
        onclick: () => choose(i),
        onkeydown: (event: KeyboardEvent) => {
          const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (step) choose((i + step + parts.length) % parts.length, true);
        },
      },
      name,
    ),
  );

  function choose(at: number, focus = false) {
    parts.forEach((part, i) => {
      const on = i === at;
      const panel = panels[i]!;
      if (on && !panel.hasChildNodes()) panel.append(...part.fill().filter((node) => node !== false));
      panel.hidden = !on;
      buttons[i]!.setAttribute('aria-selected', String(on));
      buttons[i]!.tabIndex = on ? 0 : -1;
      if (on && focus) buttons[i]!.focus();
    });
  }
  choose(0);
  return h('div', {}, h('div', { role: 'tablist', class: 'tabs', 'aria-label': label }, buttons), panels);
}
