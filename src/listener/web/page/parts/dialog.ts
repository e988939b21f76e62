// A dialog over the page: it has a name, Escape closes it. The browser takes the focus in and back (HTML, the dialog element, "close");
// done again in the event, which comes later, it would be taken from where the reader has gone meanwhile.
import { h } from './dom.ts';

export interface Dialog {
  readonly body: HTMLElement;
  readonly actions: HTMLElement;
  /** Has it been shown? */
  readonly isOpen: boolean;
  close(): void;
}

let numbered = 0;

/** Shows a dialog. `fill` puts in what it holds. @returns when it is closed */
export function showDialog(title: string, className: string, fill: (dialog: Dialog) => void): Promise<void> {
  const id = `dialog-${++numbered}`;
  const node = h('dialog', { class: className, 'aria-labelledby': id });
  const body = h('div', { class: 'dialog-body' });
  const actions = h('div', { class: 'actions' });
  node.append(h('h2', { id }, title), body, actions);
  return new Promise((resolve) => {
    node.addEventListener('close', () => {
      node.remove();
      resolve();
    });
    fill({
      body,
      actions,
      get isOpen() {
        return node.open;
      },
      close: () => node.close(),
    });
    document.body.append(node);
    node.showModal();
  });
}
