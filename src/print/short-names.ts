/** Shorter forms of the longest names, for a table that does not fit its terminal: what would be cut is what tells them apart. */

const SHORTER: readonly (readonly [long: RegExp, short: string])[] = [
  [/\bMaxInboundConnectionPercentagePerSource\b/g, 'MaxInbound%PerSource'],
  [/\bMaxInboundConnection(?=PerSource\b|RatePerSource\b|SourcePrefix\b|\b)/g, 'MaxInbound'],
  [/\bOpenInFleet\b/g, 'InFleet'],
  [/\bRefusedMinute\b/g, 'Ref/Min'],
  [/\bRefusedHour\b/g, 'Ref/Hour'],
  [/\bms-Exch-(?=SMTP-|Bypass-|Accept-)/g, ''],
];

/** The text with its long names shortened; most have none. */
export function withShortNames(text: string): string {
  return SHORTER.reduce((shorter, [long, short]) => shorter.replace(long, short), text);
}
