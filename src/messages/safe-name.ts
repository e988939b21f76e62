/** Names of attachments as names of files. */

/** Bytes of a name: file systems take 255, and a reader may put something behind it. */
const LONGEST_NAME = 200;
/** Devices of Windows, whatever stands behind the full stop. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** A file name out of a message is from a stranger: no folders, nothing hidden, no control characters, no devices. */
export function safeName(name: string): string {
  const last = name
    .replace(/[\p{C}<>:"|?*]/gu, '_')
    .split(/[/\\]/)
    .at(-1)!
    .replace(/^[.\s]+/, '');
  let kept = '';
  for (const character of last) {
    if (Buffer.byteLength(kept) + Buffer.byteLength(character) > LONGEST_NAME) break;
    kept += character;
  }
  return kept.replace(/[.\s]+$/, '').replace(DEVICE, '_$&');
}
