/** Attachments as files, where somebody wants them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Message } from '../../messages/message-types.ts';
import { safeName } from '../../messages/safe-name.ts';
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
