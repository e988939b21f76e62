/** 7 as `07`: parts of dates, times and bytes. */
export function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}
