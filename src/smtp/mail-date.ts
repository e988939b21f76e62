/** Dates as mail has them (RFC 5322 section 3.3). */
import { twoDigits as two } from '../text/two-digits.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon, 24 Nov 2025 05:48:00 +0100` (RFC 5322 section 3.3), in the host's own time zone. */
export function mailDate(now: Date): string {
  const second = Math.floor(now.getTime() / 1000);
  const offset = -now.getTimezoneOffset();
  if (second !== dated.second || offset !== dated.offset) dated = { second, offset, text: dateText(now, offset) };
  return dated.text;
}

/** What was written last: many messages and greetings come within one second. */
let dated = { second: Number.NaN, offset: 0, text: '' };

function dateText(now: Date, offset: number): string {
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  const clock = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  return `${DAYS[now.getDay()]}, ${now.getDate()} ${MONTHS[now.getMonth()]} ${now.getFullYear()} ${clock} ${zone}`;
}
