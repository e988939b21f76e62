/** .NET's formats of numbers in en-US: standard ones (`N2`, `D5`, `P0`, `X4`, `E2`, `G10`) and custom ones (`#,##0.00`, `0%`, `0;(0)`). */

import { CmdletError } from '../pipeline/error.ts';
import { doubleText, INTEGERS, type IntegerType, shownFigure } from '../pipeline/number.ts';
import { grouped } from '../text/grouped.ts';

/** A double as .NET's ToString() has it: as many digits as it takes to read it back. */
export function shortest(n: number): string {
  if (!Number.isFinite(n)) return shownFigure(n);
  if (n === 0) return doubleText(n);
  const [mantissa, power] = n.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  if (exponent >= 17 || exponent < -4)
    return `${mantissa}E${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  return String(n);
}

/** @param whole its type when it is no Double @throws CmdletError when the format means nothing for it */
export function formatFigure(n: number, format: string, whole?: IntegerType): string {
  if (!Number.isFinite(n)) return shownFigure(n);
  const standard = /^([a-z])(\d{0,9})$/i.exec(format);
  if (!standard) return custom(n, format);
  const digits = standard[2] === '' ? undefined : Math.min(Number(standard[2]), 1000);
  const letter = standard[1]!;
  switch (letter.toUpperCase()) {
    case 'C':
      return n < 0 && !isZero(n, digits ?? 2)
        ? `-$${inGroups(-n, digits ?? 2)}`
        : `$${inGroups(Math.abs(n), digits ?? 2)}`;
    case 'N':
      return signed(n, digits ?? 2, inGroups);
    case 'F':
      return signed(n, digits ?? 2, fixed);
    case 'P':
      return `${signed(scaledBy(n, 2), digits ?? 2, inGroups)}%`;
    case 'D':
      if (!whole) break;
      return (n < 0 ? '-' : '') + String(Math.abs(n)).padStart(digits ?? 0, '0');
    case 'X':
    case 'B': {
      if (!whole) break;
      const base = letter.toUpperCase() === 'X' ? 16 : 2;
      const text = BigInt.asUintN(INTEGERS[whole].bits, BigInt(n))
        .toString(base)
        .padStart(digits ?? 0, '0');
      return letter === 'X' ? text.toUpperCase() : text;
    }
    case 'E': {
      const [mantissa, power] = n.toExponential(Math.min(digits ?? 6, 100)).split('e') as [string, string];
      return `${mantissa}${letter}${power[0]}${power.slice(1).padStart(3, '0')}`;
    }
    case 'G':
    case 'R': {
      if (whole && (!digits || letter.toUpperCase() === 'R')) return String(n);
      const text = digits && letter.toUpperCase() === 'G' ? doubleText(n, Math.min(digits, 100)) : shortest(n);
      return text.replace('E', letter < 'a' ? 'E' : 'e');
    }
  }
  throw new CmdletError('Format specifier was invalid.', { id: 'FormatError' });
}

/** n times a power of ten, by its digits. */
function scaledBy(n: number, power: number): number {
  const [mantissa, own] = n.toExponential().split('e');
  return Number(`${mantissa}e${Number(own) + power}`);
}

function isZero(n: number, digits: number): boolean {
  return Number(Math.abs(n).toFixed(Math.min(digits, 100))) === 0;
}

/** With its sign, which a number that rounds to nothing keeps as .NET has it. */
function signed(n: number, digits: number, shown: (n: number, digits: number) => string): string {
  return (n < 0 ? '-' : '') + shown(Math.abs(n), digits);
}

function fixed(n: number, digits: number): string {
  const most = Math.min(digits, 100);
  const text = n >= 1e21 ? BigInt(n).toString() + (most ? `.${'0'.repeat(most)}` : '') : rounded(n, most);
  return text + '0'.repeat(digits - most);
}

/** To so many digits; what lies exactly in the middle goes to the even one, as .NET's does for a Double. */
function rounded(n: number, digits: number): string {
  const near = n.toFixed(digits);
  if (digits > 60) return near;
  const exact = n.toFixed(digits + 30);
  if (!/50{29}$/.test(exact)) return near;
  const down = exact.slice(0, -30).replace(/\.$/, '');
  return Number(down.at(-1)) % 2 === 0 ? down : near;
}

function inGroups(n: number, digits: number): string {
  const [whole, rest] = fixed(n, digits).split('.') as [string, string?];
  return grouped(whole) + (rest === undefined ? '' : `.${rest}`);
}

/** A custom format: sections for positive, negative and zero; digits, groups, scale, literals. */
function custom(n: number, format: string): string {
  const sections = split(format);
  let section = sections[0]!;
  let amount = n;
  let sign = '';
  if (n < 0 && sections.length > 1 && sections[1] !== '') {
    section = sections[1]!;
    amount = -n;
  } else if (n === 0 && sections.length > 2) section = sections[2]!;
  if (amount < 0) {
    sign = '-';
    amount = -amount;
  }
  const pattern = read(section);
  const scaled = scaledBy(amount, pattern.scale);
  const text = pattern.exponent ? scientific(scaled, pattern) : plain(scaled, pattern);
  // what rounds to nothing is shown as the section for zero has it, without a sign
  if (!/[1-9]/.test(text.digits) && amount !== 0 && sections.length > 2) return custom(0, format);
  return sign + text.shown;
}

function split(format: string): string[] {
  const sections = [''];
  for (const [piece] of format.matchAll(/'[^']*'?|"[^"]*"?|\\[\s\S]|[\s\S]/g)) {
    if (piece === ';') sections.push('');
    else sections[sections.length - 1] += piece;
  }
  return sections;
}

type Piece = { readonly digit: '0' | '#' } | { readonly literal: string };
interface Pattern {
  readonly whole: readonly Piece[];
  readonly fraction: readonly Piece[];
  readonly groups: boolean;
  /** Powers of ten: 2 for a percent sign, -3 for each comma before the point. */
  readonly scale: number;
  readonly exponent: { readonly mark: string; readonly plus: boolean; readonly digits: number } | undefined;
}

function read(section: string): Pattern {
  const whole: Piece[] = [];
  const fraction: Piece[] = [];
  let inFraction = false;
  let groups = false;
  let commas = 0;
  let scale = 0;
  let exponent: Pattern['exponent'];
  const put = (piece: Piece) => (inFraction ? fraction : whole).push(piece);
  for (const [piece, single, double, escaped] of section.matchAll(
    /'([^']*)'?|"([^"]*)"?|\\([\s\S])|[eE][+-]?0+|[\s\S]/g,
  )) {
    if (single !== undefined || double !== undefined || escaped !== undefined) {
      put({ literal: single ?? double ?? escaped ?? '' });
    } else if (piece === '0' || piece === '#') {
      if (commas && !inFraction) groups = true;
      commas = 0;
      put({ digit: piece });
    } else if (piece === ',') {
      if (!inFraction && whole.some((one) => 'digit' in one)) commas++;
    } else if (piece === '.') {
      if (!inFraction) scale -= 3 * commas;
      commas = 0;
      inFraction = true;
    } else if (/^[eE][+-]?0+$/.test(piece) && !exponent) {
      exponent = { mark: piece[0]!, plus: piece[1] === '+', digits: piece.replace(/[^0]/g, '').length };
    } else {
      if (piece === '%') scale += 2;
      if (piece === '‰') scale += 3;
      put({ literal: piece });
    }
  }
  if (!inFraction) scale -= 3 * commas;
  return { whole, fraction, groups, scale, exponent };
}

function plain(n: number, { whole, fraction, groups }: Pattern): { shown: string; digits: string } {
  const places = fraction.filter((one) => 'digit' in one).length;
  const [left = '0', right = ''] = halfUp(n, places).split('.');
  const digits = left.replace(/^0+/, '');
  const spots = whole.filter((one) => 'digit' in one).length;
  const firstZero = whole.filter((one) => 'digit' in one).findIndex((one) => (one as { digit: string }).digit === '0');
  const least = firstZero < 0 ? 0 : spots - firstZero;
  const all = digits.padStart(Math.max(least, digits.length), '0');
  let shown = '';
  let spot = 0;
  let used = 0;
  const emit = (count: number) => {
    for (; count > 0; count--) {
      const place = all.length - used;
      shown += all[used]!;
      used++;
      if (groups && place > 1 && (place - 1) % 3 === 0) shown += ',';
    }
  };
  for (const piece of whole) {
    if ('literal' in piece) {
      shown += piece.literal;
      continue;
    }
    // the first place takes all digits that have no place of their own
    const left2 = spots - spot;
    if (spot === 0 && all.length > spots) emit(all.length - spots + 1);
    else if (all.length - used >= left2) emit(1);
    spot++;
  }
  let kept = right.length;
  const kinds = fraction.filter((one) => 'digit' in one) as { digit: string }[];
  while (kept > 0 && right[kept - 1] === '0' && kinds[kept - 1]!.digit === '#') kept--;
  const lastZero = kinds.findLastIndex((one) => one.digit === '0') + 1;
  const show = Math.max(kept, lastZero);
  if (show > 0) shown += '.';
  let place = 0;
  for (const piece of fraction) {
    if ('literal' in piece) shown += piece.literal;
    else {
      if (place < show) shown += right[place] ?? '0';
      place++;
    }
  }
  return { shown, digits: left + right };
}

/** The fifteen digits a custom format works on, rounded half up. */
function halfUp(n: number, places: number): string {
  const [mantissa, power] = n.toExponential(Number.isSafeInteger(n) ? 20 : 14).split('e') as [string, string];
  const digits = mantissa.replace('.', '');
  const point = Number(power) + 1;
  const all = point > 0 ? digits.padEnd(point, '0') : '0'.repeat(1 - point) + digits;
  const at = Math.max(point, 1);
  const kept = all.slice(0, at + places).padEnd(at + places, '0');
  const next = all[at + places];
  const whole = next !== undefined && next >= '5' ? String(BigInt(kept) + 1n).padStart(kept.length, '0') : kept;
  const split = whole.length - places;
  return places ? `${whole.slice(0, split)}.${whole.slice(split)}` : whole;
}

function scientific(n: number, pattern: Pattern): { shown: string; digits: string } {
  const before = Math.max(1, pattern.whole.filter((one) => 'digit' in one).length);
  const places = pattern.fraction.filter((one) => 'digit' in one).length;
  const [, power = '0'] = n.toExponential(Math.min(100, before - 1 + places)).split('e');
  const exponent = n === 0 ? 0 : Number(power) - (before - 1);
  const mantissa = plain(scaledBy(n, -exponent), { ...pattern, exponent: undefined });
  const { mark, plus, digits } = pattern.exponent!;
  const sign = exponent < 0 ? '-' : plus ? '+' : '';
  return {
    shown: `${mantissa.shown}${mark}${sign}${String(Math.abs(exponent)).padStart(digits, '0')}`,
    digits: mantissa.digits,
  };
}
