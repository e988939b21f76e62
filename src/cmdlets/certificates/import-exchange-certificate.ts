/** Import-ExchangeCertificate: a certificate with its key from a file in PEM into the home's folder. */
import { readFileSync, statSync } from 'node:fs';
import { type CertificateFile, certificateIn, keyFileOf } from '../../certificates/certificate-file.ts';
import { readCertificates } from '../../certificates/certificate-folder.ts';
import { addCertificate } from '../../certificates/certificate-store.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { filePath } from '../../pipeline/file-path.ts';
import { SecureString } from '../../pipeline/secure-string.ts';
import { show } from '../../text/printable.ts';
import { certificateLacks } from '../exchange-parameters.ts';
import { certificateObject, domainsOf, knownCertificates, thumbprintOf } from './certificate-object.ts';

const MOST_BYTES = 1024 ** 2;

export const importExchangeCertificate = defineCmdlet({
  name: 'Import-ExchangeCertificate',
  group: 'server',
  looksHere: true,
  summary: 'Take a certificate with its key into the home’s folder',
  description:
    'Reads PEM: the certificate with those that signed it, and its key in the same file or beside it in NAME.key. An encrypted key is decrypted with the password, which is asked for. PKCS #12 (.pfx) is made PEM first: openssl pkcs12 -in FILE.pfx -nodes -out FILE.pem',
  changes: 'low',
  gives: 'ExchangeCertificate',
  lacks: certificateLacks,
  parameters: [
    {
      name: 'FileName',
      aliases: ['Path'],
      type: 'path',
      position: 0,
      mandatory: true,
      help: 'The file, in PEM.',
    },
    {
      name: 'Password',
      type: 'secret',
      secret: true,
      help: 'Asks for the password of an encrypted key; in the command language it takes a SecureString.',
    },
    { name: 'FriendlyName', type: 'string', help: 'What its file is called; its host name when not given.' },
    { name: 'PrivateKeyExportable', type: 'bool', help: 'Taken for the sake of scripts; files can be copied.' },
  ],
  examples: [
    {
      command: 'rc import-exchange-certificate mail.pem',
      language: 'Import-ExchangeCertificate -FileName mail.pem',
      does: 'Takes a certificate and its key; connectors can present it from the next STARTTLS on.',
    },
  ],
  async *run({ arguments: args, context, spell }) {
    const given = args.FileName;
    if (given === undefined)
      throw usage(`Import-ExchangeCertificate needs a file in PEM: ${spell('FileName')} mail.pem`);
    const folder = context.store.home.certificates;
    const file = filePath(context.host, given);
    const read = await certificateOf(context, file, args.Password);
    const thumbprint = thumbprintOf(read.leaf);
    const there = knownCertificates(readCertificates(folder)).find(
      (one) => one.problem === undefined && thumbprintOf(one.leaf) === thumbprint,
    );
    if (there)
      throw new CmdletError(`The certificate with thumbprint ${thumbprint} is there already, in ${there.file}.`, {
        id: 'ImportCertificateAlreadyExists',
        category: 'ResourceExists',
        target: thumbprint,
      });
    if (!(await context.shouldProcess(`Importing certificate "${thumbprint}" into ${folder}.`))) return;
    const stem = args.FriendlyName || (domainsOf(read.leaf)[0] ?? thumbprint).replace(/^\*/, 'wildcard');
    context.store.make();
    const made = addCertificate(folder, stem, read.chain + read.key.replace(/\n*$/, '\n'));
    yield certificateObject(
      { file: made, leaf: read.leaf, name: read.name, problem: undefined },
      context.statement.draft.site.server,
      context.host.clock(),
    );
  },
});

async function certificateOf(
  context: Context,
  file: string,
  password: SecureString | boolean,
): Promise<CertificateFile> {
  const text = textOf(file);
  const keyText = optional(keyFileOf(file));
  const whole = `${text}\n${keyText}`;
  const encrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type:.*ENCRYPTED/m.test(whole);
  try {
    if (!encrypted) return certificateIn(file, text, keyText);
    return certificateIn(file, text.replace(KEYS, ''), await decrypted(context, whole, password));
  } catch (error) {
    if (error instanceof CmdletError) throw error;
    throw new CmdletError(`${show(file)}: ${(error as Error).message}.`, {
      id: 'ImportCertificateDataInvalid',
      target: file,
    });
  }
}

const KEYS = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/g;

async function decrypted(context: Context, text: string, given: SecureString | boolean): Promise<string> {
  const { createPrivateKey } = process.getBuiltinModule('node:crypto');
  const passphrase =
    given instanceof SecureString
      ? given.reveal()
      : await context.host.ask('Password of the private key: ', { secret: true });
  if (passphrase === undefined)
    throw new CmdletError(
      `Its private key is encrypted, and there is no terminal to ask for the password${given ? '' : ' (-Password asks)'}. Write the key without one: openssl pkey -in KEY -out NAME.key`,
      { id: 'ImportCertificatePasswordNeeded' },
    );
  for (const [key] of text.matchAll(KEYS)) {
    try {
      return createPrivateKey({ key, passphrase }).export({ type: 'pkcs8', format: 'pem' }).toString();
    } catch {}
  }
  throw new CmdletError('The password does not open the private key.', { id: 'ImportCertificatePasswordWrong' });
}

function textOf(file: string): string {
  try {
    const stat = statSync(file);
    if (!stat.isFile()) throw new Error('it is no file');
    if (stat.size > MOST_BYTES) throw new Error(`it has ${stat.size} bytes; a certificate has a few thousand`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CmdletError(`${show(file)} cannot be read (${code === 'ENOENT' ? 'there is no such file' : message}).`, {
      id: 'ImportCertificateFileNotRead',
      category: code === 'ENOENT' ? 'ObjectNotFound' : 'ReadError',
      target: file,
    });
  }
}

function optional(file: string): string {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? textOf(file) : '';
}
