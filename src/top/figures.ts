/** Figures as they stand in a column: counts with thousands, rates, spans of time, times of day. */
import { twoDigits } from '../text/two-digits.ts';

/** 1,204; from a million on 1.23M, from a thousand million on 1.23G. Never more than seven characters below 10^12. */
export function count(n: number): string {
  if (n >= 1e9) return `${(n / 1e9).toFixed(2)}G`;
  if (n >= 1e6) return `${(n / 1e6).toFixed(2)}M`;
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Per second: one decimal below ten, so that a slow trickle is not zero. */
export function rate(perSecond: number | undefined): string {
  if (perSecond === undefined) return '-';
  if (perSecond === 0) return '0';
  if (perSecond >= 9.95) return count(perSecond);
  return Math.max(0.1, perSecond).toFixed(1);
}

/** A limit; null is none. */
export function limit(n: number | null): string {
  return n === null ? 'Unlimited' : count(n);
}

/** A part of a limit, never rounded up to 100%. */
export function percent(share: number | undefined): string {
  if (share === undefined) return '-';
  return `${Math.min(999, Math.floor(share * 100 + 1e-9))}%`;
}

/** 3d 04:12:07 */
export function uptime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  const clock = `${twoDigits(Math.floor(seconds / 3600) % 24)}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  return days ? `${days}d ${clock}` : clock;
}

/** Local time of day; a dash for what is no time. */
export function clock(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return '-';
  return `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}:${twoDigits(time.getSeconds())}`;
}

/** Local date and time. */
export function dateTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return '-';
  return `${time.getFullYear()}-${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())} ${clock(iso)}`;
}
