/** Putting certificates into the home's folder and taking them out, whole files only, never through a link. */
import { join } from 'node:path';
import { createOwn, linkOwn, removeOwn } from '../store/home-files.ts';
import { makeOwnFolder } from '../store/home-folders.ts';
import { keyFileOf } from './certificate-file.ts';
import { readCertificates } from './certificate-folder.ts';

/**
 * Writes a new file of mode 0600 under a name that is free: `mail.contoso.com.pem`, else `mail.contoso.com-2.pem`, …
 * @param stem what the name begins with @returns the file's name @throws Error of node:fs
 */
export function addCertificate(folder: string, stem: string, text: string): string {
  makeOwnFolder(folder);
  const base =
    stem
      .replace(/[^\w.-]/g, '_')
      .replace(/^\.+/, '')
      .slice(0, 100) || 'certificate';
  const temporary = `.${base}.${process.pid}`;
  removeOwn(join(folder, temporary));
  createOwn(join(folder, temporary), text);
  try {
    for (let n = 1; ; n++) {
      const file = `${base}${n === 1 ? '' : `-${n}`}.pem`;
      try {
        linkOwn(folder, temporary, file); // unlike rename, never over another one
        return file;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || n >= 1000) throw error;
      }
    }
  } finally {
    removeOwn(join(folder, temporary));
  }
}

/** Removes a certificate's file and its key's, where that is no other's too. */
export function removeCertificate(folder: string, file: string): void {
  removeOwn(join(folder, file));
  const key = keyFileOf(file);
  const { certificates, problems } = readCertificates(folder);
  if (![...certificates, ...problems].some((one) => one.file !== key && keyFileOf(one.file) === key))
    removeOwn(join(folder, key));
}
