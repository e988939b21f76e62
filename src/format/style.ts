/** Colours of PowerShell 7: `$PSStyle.Formatting.TableHeader` and `.FormatAccent`, both bold green (PSStyle.cs). */

/** Paints a piece of text, or leaves it as it is when colour is off. */
export type Paint = (text: string) => string;

export const plain: Paint = (text) => text;
const accent: Paint = (text) => (text.trim() === '' ? text : `\x1b[32;1m${text}\x1b[0m`);

export function headerPaint(colour: boolean): Paint {
  return colour ? accent : plain;
}
