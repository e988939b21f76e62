// Making and changing elements. Text is always text: nothing that came from a store or a wire becomes markup.
const SVG = 'http://www.w3.org/2000/svg';

/** Functions are listeners (`onclick`), true is an empty attribute, false, null and undefined are none. */
type Attributes = Readonly<
  // biome-ignore lint/suspicious/noExplicitAny: a listener takes the event of its own name
  Record<string, string | number | boolean | null | undefined | ((event: any) => unknown)>
>;
type Child = Node | string | number | null | undefined | false;
/** What stands in an element; what is none is left out. */
export type Content = Child | Child[];

/** An element. Attributes that are functions are listeners; true is an empty attribute, false and undefined are none. */
export function h<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: Content[]
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  put(element, attributes, children.flat());
  return element;
}

export function svg(tag: string, attributes: Attributes = {}, ...children: Child[]) {
  const element = document.createElementNS(SVG, tag);
  put(element, attributes, children);
  return element;
}

function put(element: Element, attributes: Attributes, children: Child[]) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false && value !== null)
      element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child || child === 0) element.append(child instanceof Node ? child : String(child));
}

/** Changes a text only when it is another: an element that stays the same is not read out again. */
export function setText(node: Node, text: string | number) {
  if (node.textContent !== String(text)) node.textContent = String(text);
}

export function setAttribute(element: Element, name: string, value: string | boolean | undefined) {
  if (value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value === true ? '' : value);
}

interface Row<Item> {
  readonly node: HTMLElement;
  update(item: Item): void;
}

/** Rows that stay the same elements while what they show changes, so that focus and selection stay where they are. */
export class Rows<Item> {
  readonly #rows = new Map<string, Row<Item>>();

  constructor(
    readonly parent: HTMLElement,
    readonly keyOf: (item: Item) => string,
    readonly make: (item: Item) => Row<Item>,
  ) {}

  /** @param items in the order they are shown in */
  show(items: readonly Item[]) {
    const focused = document.activeElement;
    const left = new Set(this.#rows.keys());
    let at = this.parent.firstElementChild;
    for (const item of items) {
      const key = this.keyOf(item);
      left.delete(key);
      let row = this.#rows.get(key);
      if (!row) {
        row = this.make(item);
        this.#rows.set(key, row);
      }
      row.update(item);
      if (row.node === at) at = at.nextElementSibling;
      else this.parent.insertBefore(row.node, at);
    }
    for (const key of left) {
      this.#rows.get(key)?.node.remove();
      this.#rows.delete(key);
    }
    // An element that moves loses the focus
    if (focused instanceof HTMLElement && focused !== document.activeElement && focused.isConnected)
      focused.focus({ preventScroll: true });
  }
}

/** A column of a table. */
export function column(text: string, className?: string) {
  return h('th', { scope: 'col', class: className }, text);
}
