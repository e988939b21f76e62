/** A script as it stands in a file: UTF-8, or UTF-16 with its mark. */
import { readFileSync } from 'node:fs';
import { CmdletError } from '../../pipeline/error.ts';
import { decodeText } from '../../text/decode-text.ts';

/** @param name what is said of it @param more what else the error carries @throws CmdletError */
export function readScriptFile(file: string, name: string, more: ConstructorParameters<typeof CmdletError>[1]): string {
  try {
    return decodeText(readFileSync(file), undefined, true);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
          ? 'is not UTF-8 text'
          : `cannot be read (${message})`;
    throw new CmdletError(`The script ${name} ${why}.`, more);
  }
}
