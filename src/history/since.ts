/** A moment as a person types it: `2h`, `30m`, `7d`, `1w`, `today`, `yesterday`, a date, a date and time. */

import { secondsOf } from '../domain/span.ts';
import { ValueError } from '../domain/value-error.ts';
import { readDate } from '../text/read-date.ts';

/** `now` is what ages count from; dates without a zone are local. @throws ValueError */
export function momentOf(text: string, now: Date): Date {
  const trimmed = text.trim().toLowerCase();
  const age = secondsOf(trimmed.replace(/\s+ago$/, ''));
  if (age !== undefined) {
    const then = new Date(now.getTime() - age * 1000);
    if (then.getFullYear() > 0) return then;
    throw new ValueError(text, 'is longer ago than there are dates', 'an age such as 30m, 2h, 7d');
  }
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  if (trimmed === 'now') return now;
  if (trimmed === 'today') return midnight;
  if (trimmed === 'yesterday') return new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  const date = readDate(text, () => now);
  if (date) return new Date(date.getTime());
  throw new ValueError(
    text,
    'is not a moment',
    'an age (30m, 2h, 7d), today, yesterday, or a date (2024-05-31, 2024-05-31 14:00)',
  );
}
