/** `rc web`: the page of the running listener, opened there when it is not on yet, and in the browser where there is one. */
import { join } from 'node:path';
import { listenerPage, type PageAnswer } from '../control/listener-client.ts';
import { CmdletError, usage } from '../pipeline/error.ts';
import type { Parameter } from '../pipeline/parameter.ts';
import { type Home, resolveHome } from '../store/home.ts';
import { replaceOwn } from '../store/replace-file.ts';
import { httpAddress } from './address-flag.ts';
import type { Command } from './command.ts';
import { readFlags } from './command-flags.ts';
import { streamKind, writeAll } from './terminal.ts';

const FLAGS = [
  {
    name: 'Address',
    type: 'string',
    position: 0,
    placeholder: 'ADDRESS:PORT',
    help: 'Where the page is to be when it is not on yet; a port alone means on this computer only. Default: 127.0.0.1:8025, or a free port.',
  },
  { name: 'NoOpen', type: 'switch', help: 'Only prints the link, and opens no browser.' },
] as const satisfies readonly Parameter[];

export const web: Command = {
  summary: 'Open the page of the running listener in the browser, or print its link',
  usage: '[ADDRESS:PORT] [flags]',
  description: [
    'Asks the running listener for its page; one that runs without it opens it now, until it ends (rc serve --web has it from the start). The link, with the token that lets a browser in, goes to standard output; on a desktop the browser is opened as well.',
  ],
  flags: FLAGS,
  examples: [
    { command: 'rc web', does: 'Opens the page.' },
    { command: 'rc web --no-open', does: 'Prints the link, for a browser at the other end of a tunnel.' },
  ],
  async run(call) {
    const { runtime } = call;
    const { own, flags } = await readFlags('web', FLAGS, call);
    if (flags.wait !== undefined) throw usage('rc web takes no --wait: it returns when the page is there.');
    const home = resolveHome(flags.home, runtime.env);
    const address = httpAddress('rc web', own.arguments.Address, 8025)?.toString();
    let page: PageAnswer | undefined;
    try {
      page = await listenerPage(home, address);
    } catch (error) {
      throw new CmdletError((error as Error).message, { id: 'ListenerNotAnswering' });
    }
    if (!page)
      throw new CmdletError(`No listener runs on ${home.folder}. To start one with its page: rc serve --web 8025`, {
        id: 'ListenerNotRunning',
      });
    if (runtime.silent) return 0;
    if (address !== undefined && !page.opened)
      writeAll(2, `The page was on already; to have it elsewhere, start the listener anew with --web.\n`);
    const link = `${page.url}#token=${page.token}`;
    writeAll(1, `${link}\n`);
    if (!own.arguments.NoOpen && streamKind(1) === 'terminal') await openInBrowser(home, link, runtime.env);
    return 0;
  },
};

/** A file of ours leads the browser there: on a command line everybody on this computer could read the token. */
async function openInBrowser(home: Home, link: string, env: NodeJS.ProcessEnv): Promise<void> {
  const opener = openerFor(process.platform, env);
  if (!opener) return;
  const file = join(home.folder, 'web.html');
  replaceOwn(
    file,
    `<!doctype html><meta charset="utf-8"><title>rc</title><meta http-equiv="refresh" content="0;url=${link}">\n`,
  );
  const { spawn } = await import('node:child_process');
  const [program, ...args] = opener;
  const child = spawn(program!, [...args, file], { stdio: 'ignore', detached: true, windowsHide: true });
  child.on('error', () => {}); // there is none: the link is printed
  child.unref();
}

function openerFor(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): readonly string[] | undefined {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['cmd', '/c', 'start', ''];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}
