/**
 * Where a password comes from: asked on the terminal without echo, the first line of standard input, or of a file. Never
 * the command line: every user of the machine sees those.
 */
import { fstatSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Call } from '../../pipeline/cmdlet.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { SecureString } from '../../pipeline/secure-string.ts';
import { decodeText } from '../../text/decode-text.ts';
import { shellWord } from '../../text/shell-word.ts';

export const PASSWORD_PARAMETERS = [
  {
    name: 'PasswordStdin',
    type: 'switch',
    help: 'Reads the password from the first line of standard input.',
  },
  { name: 'PasswordFile', type: 'path', help: 'Reads the password from the first line of a file.' },
] as const satisfies readonly Parameter[];

/** As Exchange's cmdlets have it: a SecureString in the language. */
export const PASSWORD = {
  name: 'Password',
  type: 'secret',
  secret: true,
  help: 'Asks for the password without showing it; in the command language it takes a SecureString: (Read-Host -AsSecureString).',
} as const satisfies Parameter;

type PasswordCall = Call<(typeof PASSWORD_PARAMETERS)[number]>;

const LONGEST = 1024;

/** Was a way to give a password chosen? */
export function passwordGiven({
  Password,
  PasswordStdin,
  PasswordFile,
}: Call<typeof PASSWORD | (typeof PASSWORD_PARAMETERS)[number]>['arguments']): boolean {
  return Password !== false || PasswordStdin || PasswordFile !== undefined;
}

/** The hash of the password that the person gives. @throws CmdletError */
export async function askPasswordHash(call: PasswordCall, user: string): Promise<string> {
  const password = await passwordOf(call, user, true);
  checkPassword(password);
  const { hashPassword } = await import('../../store/password.ts');
  return hashPassword(password);
}

/** For -WhatIf: the password as far as it is known without being asked for. @throws CmdletError */
export function tryPassword(call: PasswordCall): void {
  const known = call.context.preferences.whatIf ? passwordAtHand(call) : undefined;
  if (known !== undefined) checkPassword(known);
}

function checkPassword(password: string): void {
  if (password === '') throw new CmdletError('The password is empty.', { id: 'InvalidPassword' });
  if (password.length > LONGEST || /[\u0000-\u001f\u007f]/.test(password)) {
    throw new CmdletError(
      `The password is longer than ${LONGEST} characters or has a control character in it, which clients cannot send.`,
      { id: 'InvalidPassword' },
    );
  }
}

/**
 * The password that the person gives. @throws CmdletError
 * @param isNew asked for twice, for nobody knows yet that it is right
 */
export async function passwordOf(call: PasswordCall, user: string, isNew: boolean): Promise<string> {
  const atHand = passwordAtHand(call);
  if (atHand !== undefined) return atHand;
  if (call.arguments.PasswordStdin) return fromStdin(call);
  const { context } = call;
  const password = await context.host.ask(`Password for ${user}: `, { secret: true });
  if (password === undefined) {
    throw usage(
      `There is no terminal to ask for the password. Give it with ${call.spell('PasswordStdin')} or ${call.spell('PasswordFile')}; it is never taken from the command line, where everybody could see it.`,
    );
  }
  if (isNew && (await context.host.ask('The same again: ', { secret: true })) !== password)
    throw new CmdletError('The two passwords are not the same.', { id: 'InvalidPassword' });
  return password;
}

/** The password that came with the call, or stands in its file; `undefined` when it is to be read or asked for. @throws CmdletError */
function passwordAtHand(call: PasswordCall): string | undefined {
  const { PasswordFile: file, PasswordStdin: stdin } = call.arguments;
  const given = call.valueOf(PASSWORD);
  if (given instanceof SecureString) {
    if (file !== undefined || stdin)
      throw usage(`${call.spell('PasswordFile')} and ${call.spell('PasswordStdin')} cannot go with a password.`);
    return given.reveal();
  }
  if (file !== undefined && stdin)
    throw usage(`${call.spell('PasswordFile')} and ${call.spell('PasswordStdin')} cannot go together.`);
  return file === undefined ? undefined : passwordInFile(resolve(call.context.host.cwd, file), call.context);
}

const firstLine = (bytes: Buffer) => decodeText(bytes).split(/\r?\n/, 1)[0]!;

/** The first line of a file; one that others can read too is warned of. @throws CmdletError */
export function passwordInFile(path: string, context: Context): string {
  try {
    if (statSync(path).mode & 0o077)
      context.warn(`The password file ${path} can be read by others than its owner: chmod 600 ${shellWord(path)}`);
    return firstLine(readFileSync(path));
  } catch (error) {
    throw new CmdletError(`The password file cannot be read (${(error as Error).message}).`, {
      id: 'PasswordFileNotRead',
      target: path,
    });
  }
}

function fromStdin(call: PasswordCall): string {
  try {
    const kind = fstatSync(0);
    if (kind.isCharacterDevice())
      throw usage(
        `Standard input is no pipe or file. To be asked for the password, leave out ${call.spell('PasswordStdin')}.`,
      );
    return firstLine(readFileSync(0));
  } catch (error) {
    if (error instanceof CmdletError) throw error;
    throw new CmdletError(`Standard input cannot be read (${(error as Error).message}).`, { id: 'PasswordNotRead' });
  }
}
