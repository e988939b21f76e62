// Making and changing elements. Text is always text: nothing that came from a store or a wire becomes markup.
const SVG = 'http://www.w3.org/2000/svg';

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element. Attributes that are functions are listeners; true is an empty attribute, false and undefined are none.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  put(element, attributes, children.flat());
  return element;
}

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...Child} children
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  put(element, attributes, children);
  return element;
}

/** @param {Element} element @param {Record<string, any>} attributes @param {Child[]} children */
function put(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false && value !== null)
      element.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children) if (child || child === 0) element.append(child instanceof Node ? child : String(child));
}

/** Changes a text only when it is another: an element that stays the same is not read out again. @param {Node} node @param {string | number} text */
export function setText(node, text) {
  if (node.textContent !== String(text)) node.textContent = String(text);
}

/** @param {Element} element @param {string} name @param {string | boolean | undefined} value */
export function setAttribute(element, name, value) {
  if (value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value === true ? '' : value);
}

/**
 * Rows that stay the same elements while what they show changes, so that focus and selection stay where they are.
 * @template I
 */
export class Rows {
  /** @type {Map<string, { node: HTMLElement, update: (item: I) => void }>} */
  #rows = new Map();

  /**
   * @param {HTMLElement} parent
   * @param {(item: I) => string} keyOf
   * @param {(item: I) => { node: HTMLElement, update: (item: I) => void }} make
   */
  constructor(parent, keyOf, make) {
    this.parent = parent;
    this.keyOf = keyOf;
    this.make = make;
  }

  /** @param {readonly I[]} items in the order they are shown in */
  show(items) {
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
    /** @param {number} used @param {number | null} most null is no limit */
    update(used, most) {
      const share = most === null ? 0 : most === 0 ? 1 : Math.min(1, used / most);
      setText(open, used.toLocaleString('en-US'));
      setText(limit, most === null ? '∞' : most.toLocaleString('en-US'));
      setAttribute(limit, 'aria-label', most === null ? 'no limit' : undefined);
      fill.style.setProperty('--share', String(share));
      setAttribute(node, 'data-level', most === null ? 'free' : share >= 1 ? 'full' : share >= 0.75 ? 'near' : 'fine');
    },
  };
}

/** A column of a table. @param {string} text @param {string} [className] */
export function column(text, className) {
  return h('th', { scope: 'col', class: className }, text);
}
