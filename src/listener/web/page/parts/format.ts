// Numbers, times and limits as people read them.

export function number(n: number) {
  return n.toLocaleString('en-US');
}

export function ago(iso: string, now: number = Date.now()) {
  if (!iso) return '—';
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** A moment in the reader's own zone. */
export function moment(iso: string) {
  const date = new Date(iso);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(iso)}`;
}

export function clock(iso: string) {
  return new Date(iso).toTimeString().slice(0, 8);
}

/** Bytes: `12 KB`. */
export function size(bytes: number) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} KB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

export function counted(n: number, one: string, more: string = `${one}s`) {
  return `${number(n)} ${n === 1 ? one : more}`;
}

/** A value of the history or of a setting. */
export function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'empty';
  if (Array.isArray(value)) return value.length ? value.map(shown).join(', ') : 'empty';
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

/** A name in camel case, which may break where a word begins. */
export function breakable(name: string): (string | HTMLElement)[] {
  const words = name.split(/(?<=[a-z])(?=[A-Z])/);
  return words.flatMap((word, i) => (i ? [document.createElement('wbr'), word] : [word]));
}
