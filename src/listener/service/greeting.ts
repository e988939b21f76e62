/** What a listener that runs says of itself: on the terminal it was started from, and to the service manager. */

import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { namesOf } from '../../domain/wanted-bindings.ts';
import { type Home, resolveHome } from '../../store/home.ts';
import { fill } from '../../text/fill.ts';
import { shellWord } from '../../text/shell-word.ts';
import { tried } from '../../text/tried.ts';
import type { RunningApi } from '../api/open-api.ts';
import type { Listener } from '../listener.ts';
import type { ServeOptions } from '../serve-options.ts';
import type { Page } from '../web/open-page.ts';

/** For `systemctl status`. */
export function statusLine(listener: Listener): string {
  const { bound, failed } = listener.sockets;
  const { applied, problem } = listener.state;
  const parts = [
    `${listener.open} connection(s)`,
    `${bound.length} binding(s) open${failed.length ? ` and ${failed.length} not` : ''}`,
    `generation ${applied}${problem ? ', the store as it is now cannot be applied' : ''}`,
  ];
  return parts.join(', ');
}

/** What it listens on, and what to try from a second terminal. */
export function greeting(
  { home, firstRun, stdout }: ServeOptions,
  listener: Listener,
  env: NodeJS.ProcessEnv,
  page?: Page,
  api?: RunningApi,
): string {
  const { isTTY = false, columns } = stdout as NodeJS.WriteStream;
  const told = (text: string) => (isTTY && columns ? fill(text, columns) : text);
  const { bound, failed } = listener.sockets;
  const lines = bound.map((b) => `  ${b.binding.padEnd(22)} ${namesOf(b.connectors)}`);
  for (const f of failed) lines.push(told(`  ${f.binding.padEnd(22)} NOT listening: ${f.advice}`));
  if (!lines.length) lines.push('  nothing: no connector is enabled. It starts listening as soon as one is.');
  const rc = commandName(home, env);
  const tries = [
    `  ${rc} get`,
    `  ${rc} get 'default*' --select Name,'MaxInbound*'`,
    `  ${rc} set 'default*' --max-inbound-per-source 100`,
  ];
  return [
    told(`The listener runs (process ${process.pid}); the store is ${home.store}. It listens on`),
    ...lines,
    ...(page ? [page.greeting(isTTY)] : []),
    ...(api ? [told(`The API is on ${api.url} (GET /openapi.json); its token is in ${api.tokenFile}.`)] : []),
    'Every change acts at once. Try from a second terminal:',
    ...tries,
    ...(firstRun ? [told(`Mail it takes is in ${home.mail}; what happens is in ${home.events}.`)] : []),
    env.RC_DETACHED ? 'rc stop ends it.' : 'Ctrl-C ends it.',
    '',
  ].join('\n');
}

/** How to call rc for this home from another terminal. */
function commandName(home: Home, env: NodeJS.ProcessEnv): string {
  const script = process.argv[1] ?? 'rc';
  const name = inPath(script, env) ? 'rc' : relative(process.cwd(), script) || script;
  return home.folder === usualFolder(env) ? name : `${name} --home ${shellWord(home.folder)}`;
}

/** Where a home is when nobody says; a user without a home folder has none. */
function usualFolder(env: NodeJS.ProcessEnv): string | undefined {
  return tried(() => resolveHome(undefined, { ...env, RC_HOME: undefined }).folder);
}

/** Is the `rc` that a shell finds this one? */
function inPath(script: string, env: NodeJS.ProcessEnv): boolean {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    try {
      const found = join(folder, 'rc');
      accessSync(found, constants.X_OK);
      return realpathSync(found) === realpathSync(script);
    } catch {}
  }
  return false;
}
