// Measures of a page that a person would otherwise have to look for. Each function is sent to the browser as it stands.

/** Texts with less contrast than WCAG 2.1 AA asks for (1.4.3): 4.5, or 3 when large. */
export function faintTexts() {
  const canvas = /** @type {CanvasRenderingContext2D} */ (
    document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  );
  /** @typedef {[number, number, number, number]} Colour */
  /** @type {Map<string, Colour>} */
  const colours = new Map();
  /** @param {string} css @returns {Colour} */
  const parse = (css) => {
    const known = colours.get(css);
    if (known) return known;
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = /** @type {Colour} */ (/** @type {unknown} */ (canvas.getImageData(0, 0, 1, 1).data));
    /** @type {Colour} */
    const colour = [r, g, b, a / 255];
    colours.set(css, colour);
    return colour;
  };
  /** @param {Colour} above @param {Colour} below @returns {Colour} */
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  /** @param {Element} element @returns {Colour} */
  const ground = (element) => {
    const own = parse(getComputedStyle(element).backgroundColor);
    if (own[3] === 1) return own;
    return over(own, element.parentElement ? ground(element.parentElement) : parse('Canvas'));
  };
  /** @param {Colour} colour */
  const light = ([r, g, b]) => {
    const linear = (/** @type {number} */ v) =>
      v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim();
    if (!text || !element?.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest('.unseen, option, script, noscript, button:disabled')) continue;
    const style = getComputedStyle(element);
    const behind = ground(element);
    const [a, b] = [light(over(parse(style.color), behind)), light(behind)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${text.slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return faint;
}

/** What makes the page wider than its window, and by how many pixels; empty when nothing does. */
export function sticksOut() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return '';
  const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > clientWidth);
  return `${scrollWidth - clientWidth} px: ${wide.map((e) => `${e.tagName}.${e.className}`).join(' ')}`;
}

/** Is the focus on something that shows it? */
export function showsFocus() {
  const element = document.activeElement;
  if (!element || element === document.body) return false;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
}

/** What has the focus: its id, or what it says. */
export function focused() {
  return document.activeElement?.id || document.activeElement?.textContent || '';
}

/** The label of the field that has the focus. */
export function focusedLabel() {
  const field = /** @type {HTMLInputElement | null} */ (document.activeElement);
  return field?.labels?.[0]?.textContent ?? '';
}

/** What a message that attacks would have left behind, and the title. */
export function whatRan() {
  return [Reflect.get(globalThis, 'ran'), document.title];
}

export function groundColour() {
  return getComputedStyle(document.body).backgroundColor;
}

/** What a screen reader adds to the name of a field. @param {Element} element */
export function descriptionOf(element) {
  const ids = (element.getAttribute('aria-describedby') ?? '').split(' ');
  return ids.map((id) => document.getElementById(id)?.textContent).join(' ');
}

/** Closes the dialog and goes into the filter at once. @returns where the focus is when it closes, and when all who wait for that have been told */
export async function closesAndGoesOn() {
  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector('dialog[open]'));
  const told = new Promise((resolve) => dialog.addEventListener('close', resolve));
  dialog.close();
  const after = document.activeElement?.textContent;
  /** @type {HTMLInputElement} */ (document.querySelector('main input[type=search]')).focus();
  await told;
  return [after, document.activeElement?.getAttribute('aria-label')];
}
