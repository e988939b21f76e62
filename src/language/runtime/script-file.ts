/** A script as it stands in a file: UTF-8, UTF-16, or what Windows PowerShell takes for a script without a mark. */
import { readFileSync } from 'node:fs';
import { CmdletError } from '../../pipeline/error.ts';
import { decodeText, fromAnsi } from '../../text/decode-text.ts';

/** @param name what is said of it @param more what else the error carries @throws CmdletError */
export function readScriptFile(file: string, name: string, more: ConstructorParameters<typeof CmdletError>[1]): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${message})`;
    throw new CmdletError(`The script ${name} ${why}.`, more);
  }
  return scriptText(bytes, `The script ${name}`, more);
}

/** @param what is said of it @throws CmdletError when it is no text */
export function scriptText(bytes: Buffer, what: string, more: ConstructorParameters<typeof CmdletError>[1]): string {
  try {
    return decodeText(bytes, undefined, true);
  } catch {
    // the Exchange Management Shell is Windows PowerShell, which reads what has no mark in the code page of Windows (about_Character_Encoding)
    if (bytes.includes(0)) throw new CmdletError(`${what} is not a text.`, more);
    return fromAnsi(bytes);
  }
}
