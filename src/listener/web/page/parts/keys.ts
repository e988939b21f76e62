// Single keys, for those who want them. They can be turned off (WCAG 2.1.4): some people's software types letters by accident.
import { type Dialog, showDialog } from './dialog.ts';
import { h } from './dom.ts';
import { button } from './panel.ts';

type Shortcut = { key: string; does: string; run: () => void };

export class Keys {
  #shortcuts: Shortcut[] = [];
  #isShown = false;

  constructor(shortcuts: Shortcut[]) {
    this.#shortcuts = [...shortcuts, { key: '?', does: 'Show this list', run: () => void this.show() }];
    document.addEventListener('keydown', (event) => this.#pressed(event));
  }

  #fill({ body, actions, close }: Dialog) {
    const off: HTMLInputElement = h('input', {
      type: 'checkbox',
      checked: this.on,
      onchange: () => localStorage.setItem('rc.keys', off.checked ? 'on' : 'off'),
    });
    const rows = this.#shortcuts.map(({ key, does }) =>
      h('div', {}, h('dt', {}, h('kbd', {}, key)), h('dd', {}, does)),
    );
    body.append(
      h('dl', {}, rows),
      h('p', { class: 'quiet' }, 'Tab and Shift-Tab reach everything, Enter opens, Escape closes.'),
      h('label', { class: 'check' }, off, 'Use single keys'),
    );
    actions.append(button('Close', close));
  }

  get on() {
    try {
      return localStorage.getItem('rc.keys') !== 'off';
    } catch {
      return true;
    }
  }

  async show() {
    if (this.#isShown) return;
    this.#isShown = true;
    await showDialog('Keyboard', 'keys', (dialog) => this.#fill(dialog));
    this.#isShown = false;
  }

  #pressed(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target as Element;
    if (event.key === 'Escape' && target.matches('input[type=search]')) {
      (target as HTMLElement).blur();
      return;
    }
    if (!this.on || target.closest('input, textarea, select, dialog[open], [contenteditable]')) return;
    const shortcut = this.#shortcuts.find(({ key }) => key === event.key);
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run();
  }
}

/** Moves through the rows of the first table: to the first link of the next or the previous one. */
export function moveRow(step: 1 | -1) {
  const links = [...document.querySelectorAll('main tbody tr a[href], main tbody tr button')] as HTMLElement[];
  const firsts = links.filter((link) => link.closest('tr')?.querySelector('a[href], button') === link);
  const row = document.activeElement?.closest('tr');
  const at = firsts.findIndex((link) => link.closest('tr') === row);
  firsts[at < 0 ? 0 : Math.min(firsts.length - 1, Math.max(0, at + step))]?.focus();
}

/** Puts the cursor into the filter of the view. */
export function focusFilter() {
  const filter = document.querySelector('main input[type=search]') as HTMLInputElement | null;
  filter?.focus();
  filter?.select();
}
