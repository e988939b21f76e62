/** Attachments as files, where somebody wants them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Message } from '../../messages/message-types.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { show } from '../../text/printable.ts';

/** Writes each into the folder, which is made; one whose name is there already is an error of its own. */
export async function saveAttachments(context: Context, folder: string, { attachments }: Message): Promise<void> {
  if (attachments.length > 0) await mkdir(folder, { recursive: true });
  for (const [index, { filename, content }] of attachments.entries()) {
    const path = join(folder, safeName(filename) || `attachment-${index + 1}`);
    try {
      await writeFile(path, content, { flag: 'wx' });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const problem = code === 'EEXIST' ? `${show(path)} is there already and was not written over.` : message;
      context.error(new CmdletError(problem, { id: 'AttachmentNotSaved', category: 'WriteError', target: path }));
    }
  }
}

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
