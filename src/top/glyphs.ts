/** What bars, sparklines and marks are drawn with: block elements of Unicode, or ASCII where the locale is not UTF-8. */

export interface Glyphs {
  readonly ascii: boolean;
  readonly full: string;
  readonly half: string;
  readonly empty: string;
  /** A value of zero, then the levels upwards. */
  readonly levels: readonly string[];
  readonly cursor: string;
  readonly ascending: string;
  readonly descending: string;
  /** Where a text was cut. */
  readonly cut: string;
  /** Between two things on one line. */
  readonly dot: string;
  /** Edges of an overlay: horizontal, vertical, four corners clockwise from top left. */
  readonly box: readonly [string, string, string, string, string, string];
  /** Arrow keys as they are named. */
  readonly arrows: string;
}

export const UNICODE: Glyphs = {
  ascii: false,
  full: '█',
  half: '▌',
  empty: '░',
  levels: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  cursor: '▸',
  ascending: '▴',
  descending: '▾',
  cut: '…',
  dot: '·',
  box: ['─', '│', '┌', '┐', '┘', '└'],
  arrows: '↑ ↓',
};

export const ASCII: Glyphs = {
  ascii: true,
  full: '#',
  half: '=',
  empty: '.',
  levels: ['_', '.', ':', '-', '=', '+', '*', '#'],
  cursor: '>',
  ascending: '^',
  descending: 'v',
  cut: '~',
  dot: '-',
  box: ['-', '|', '+', '+', '+', '+'],
  arrows: 'Up Down',
};

/** Does the locale write UTF-8? LC_ALL wins over LC_CTYPE over LANG (locale(7)). Windows' terminals and macOS' do by themselves. */
export function writesUnicode(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  if (!locale) return platform === 'win32' || platform === 'darwin';
  return /utf-?8/i.test(locale);
}

/** The filled part and the rest of a bar of so many cells. Whatever is above zero shows; only what is full looks full. */
export function bar(share: number, cells: number, glyphs: Glyphs): { readonly filled: string; readonly rest: string } {
  if (cells <= 0) return { filled: '', rest: '' };
  let halves = Math.floor(Math.min(1, Math.max(0, share)) * cells * 2 + 1e-9);
  if (share > 0) halves = Math.max(1, halves);
  if (share < 1) halves = Math.min(cells * 2 - 1, halves);
  const filled = glyphs.full.repeat(halves >> 1) + (halves & 1 ? glyphs.half : '');
  return { filled, rest: glyphs.empty.repeat(cells - ((halves + 1) >> 1)) };
}

/** One cell a value, the newest at the right; `undefined` (nothing known) is blank. Zero is the lowest level, anything more at least the next. */
export function sparkline(
  values: readonly (number | undefined)[],
  cells: number,
  peak: number,
  glyphs: Glyphs,
): string {
  const top = glyphs.levels.length - 1;
  const shown = values.slice(-cells).map((value) => {
    if (value === undefined) return ' ';
    if (value <= 0 || peak <= 0) return glyphs.levels[0];
    return glyphs.levels[Math.min(top, Math.max(1, Math.round((value / peak) * top)))];
  });
  return ' '.repeat(Math.max(0, cells - shown.length)) + shown.join('');
}
