/** Variables of the environment that a script for Windows expects. */
import type { Host } from '../../pipeline/context.ts';
import type { Statement } from '../../pipeline/statement.ts';

/** Where a script runs. */
interface Around {
  readonly host: Pick<Host, 'env'>;
  readonly statement: Statement;
}

/**
 * Variables of the environment that only Windows sets, and scripts for Exchange ask for: they build `SERVER\\Name` from $env:COMPUTERNAME, which
 * is the store's server here, and name files in $env:TEMP. `undefined`: it is not set.
 */
export const WINDOWS_VARIABLES: Readonly<Record<string, (around: Around) => string | undefined>> = {
  COMPUTERNAME: ({ statement }) => statement.draft.site.server,
  TEMP: ({ host }) => host.env.TMPDIR ?? '/tmp',
  TMP: ({ host }) => host.env.TMPDIR ?? '/tmp',
  USERPROFILE: ({ host }) => host.env.HOME,
  USERNAME: ({ host }) => host.env.USER ?? host.env.LOGNAME,
};
