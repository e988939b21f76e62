/** .NET's formats of time spans: `c`, `g`, `G`, and custom ones (`hh\:mm`, `%d`). */

import type { TimeSpan } from '../domain/value.ts';
import { CmdletError } from '../pipeline/error.ts';
import { twoDigits as two } from '../text/two-digits.ts';

/** @throws CmdletError when the format means nothing for a span */
export function formatSpan(span: TimeSpan, format: string): string {
  const ticks = Math.round(Math.abs(span.seconds) * 1e7);
  const sign = span.seconds < 0 ? '-' : '';
  const fraction = String(ticks % 1e7).padStart(7, '0');
  const total = Math.floor(ticks / 1e7);
  const of = {
    d: Math.floor(total / 86400),
    h: Math.floor(total / 3600) % 24,
    m: Math.floor(total / 60) % 60,
    s: total % 60,
  };
  switch (format) {
    case 'c':
    case 't':
    case 'T':
      return span.toString();
    case 'g': {
      const rest = fraction.replace(/0+$/, '');
      return `${sign}${of.d ? `${of.d}:` : ''}${of.h}:${two(of.m)}:${two(of.s)}${rest ? `.${rest}` : ''}`;
    }
    case 'G':
      return `${sign}${of.d}:${two(of.h)}:${two(of.m)}:${two(of.s)}.${fraction}`;
  }
  let text = '';
  for (const [whole, single, double, escaped, alone] of format.matchAll(
    /'([^']*)'|"([^"]*)"|\\([\s\S])|%([dhmsfF])|d+|h+|m+|s+|f+|F+|[\s\S]/g,
  )) {
    const code = alone ?? whole;
    if (single !== undefined || double !== undefined || escaped !== undefined) text += single ?? double ?? escaped;
    else if (/^d{1,8}$/.test(code)) text += String(of.d).padStart(code.length, '0');
    else if (/^(?:h{1,2}|m{1,2}|s{1,2})$/.test(code))
      text += String(of[code[0] as 'h' | 'm' | 's']).padStart(code.length, '0');
    else if (/^f{1,7}$/.test(code)) text += fraction.slice(0, code.length);
    else if (/^F{1,7}$/.test(code)) text += fraction.slice(0, code.length).replace(/0+$/, '');
    else throw new CmdletError('Input string was not in a correct format.', { id: 'FormatError' });
  }
  if (format.length === 1) throw new CmdletError('Input string was not in a correct format.', { id: 'FormatError' });
  return text;
}
