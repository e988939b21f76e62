/** Colours of PowerShell 7: `$PSStyle.Formatting.TableHeader` and `.FormatAccent`, both bold green (PSStyle.cs); `.Error` is bold red. */
import type { Tone } from './record.ts';

/** Paints a piece of text, or leaves it as it is when colour is off. */
export type Paint = (text: string) => string;

export const plain: Paint = (text) => text;
const accent: Paint = (text) => (text.trim() === '' ? text : `\x1b[32;1m${text}\x1b[0m`);

export function headerPaint(colour: boolean): Paint {
  return colour ? accent : plain;
}

const SGR: Readonly<Record<Tone, string>> = { heading: '32;1', good: '32', bad: '31;1' };

export function tonePaint(colour: boolean, tone: Tone | undefined): Paint {
  if (!colour || tone === undefined) return plain;
  return (text) => (text.trim() === '' ? text : `\x1b[${SGR[tone]}m${text}\x1b[0m`);
}
