// Numbers, times and limits as people read them.

/** @param {number} n */
export function number(n) {
  return n.toLocaleString('en-US');
}

/** @param {string} iso @param {number} [now] */
export function ago(iso, now = Date.now()) {
  if (!iso) return '—';
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** A moment in the reader's own zone. @param {string} iso */
export function moment(iso) {
  const date = new Date(iso);
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(iso)}`;
}

/** @param {string} iso */
export function clock(iso) {
  return new Date(iso).toTimeString().slice(0, 8);
}

/** @param {number} n @param {string} one @param {string} [more] */
export function counted(n, one, more = `${one}s`) {
  return `${number(n)} ${n === 1 ? one : more}`;
}

/** A value of the history or of a setting. @param {unknown} value @returns {string} */
export function shown(value) {
  if (value === null || value === undefined || value === '') return 'empty';
  if (Array.isArray(value)) return value.length ? value.map(shown).join(', ') : 'empty';
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

/** A name in camel case, which may break where a word begins. @param {string} name @returns {(string | HTMLElement)[]} */
export function breakable(name) {
  const words = name.split(/(?<=[a-z])(?=[A-Z])/);
  return words.flatMap((word, i) => (i ? [document.createElement('wbr'), word] : [word]));
}
