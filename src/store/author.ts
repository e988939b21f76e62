/** Who makes a change and with which command, for the history. Never a secret. */
import { printable } from '../text/printable.ts';

export interface Author {
  /** Login name of the process's user. */
  readonly user: string;
  /** The command as typed, made safe to print. */
  readonly command: string;
  /** Who became that user with sudo. */
  readonly sudoUser?: string;
}

/** The person behind this process. `command` is the command line or statement as typed. */
export function authorOf(env: NodeJS.ProcessEnv, command: string): Author {
  const user = loginName(env);
  const sudo = env.SUDO_USER;
  return {
    user,
    ...(sudo && sudo !== user ? { sudoUser: printable(sudo).slice(0, 64) } : {}),
    command: withoutSecrets(printable(command)).slice(0, 4000),
  };
}

function loginName(env: NodeJS.ProcessEnv): string {
  try {
    return process.getBuiltinModule('node:os').userInfo().username;
  } catch {
    // A user without an entry in passwd (a container's random uid).
    return process.getuid ? `uid ${process.getuid()}` : printable(env.USER ?? 'unknown').slice(0, 64);
  }
}

/**
 * A command line with the values of secret parameters blanked out. No command takes a secret on its command line; this is
 * for the one who tries it all the same. A parameter that names a file stays: the path is no secret.
 */
export function withoutSecrets(command: string): string {
  return command.replace(
    /(-{1,2}[\w-]*(?:password|secret|passphrase)(?!-?file|-?path|-?stdin)[\w-]*)([\s:=]+)("[^"]*"|'[^']*'|[^\s|;]+)/gi,
    (whole, name: string, between: string, value: string) =>
      value.startsWith('-') ? whole : `${name}${between}(hidden)`,
  );
}

/** Argv as a line that a shell would read the same way. */
export function commandLine(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
