/** `rc init`: the text that makes a shell or systemd know rc. */
import { resolve } from 'node:path';
import { usage } from '../pipeline/error.ts';
import type { Parameter } from '../pipeline/parameter.ts';
import { resolveHome } from '../store/home.ts';
import type { Command } from './command.ts';
import { readFlags } from './command-flags.ts';
import { writeAll } from './terminal.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'pwsh'] as const;

const FLAGS = [
  {
    name: 'Socket',
    type: 'switch',
    help: 'systemd: the socket unit, which opens the ports of the enabled connectors.',
  },
  {
    name: 'User',
    type: 'switch',
    help: 'systemd: a unit of your own (systemctl --user) instead of one of the system.',
  },
  {
    name: 'SystemdVersion',
    type: 'int',
    help: 'systemd: the version that will read the unit, when it is not the one of this computer.',
  },
] as const satisfies readonly Parameter[];

export const init: Command = {
  summary:
    'Print what makes bash, zsh, fish or PowerShell know rc and the cmdlet names, or systemd run it; make a home',
  usage: 'bash|zsh|fish|pwsh|systemd|home [flags]',
  description: [
    'For a shell: prints completion for rc, and functions named like the cmdlets (Get-ReceiveConnector, Select, Where, ft …) that leave wildcards to rc. A command of such a name that is there already stays what it is.',
    'In ~/.bashrc: eval "$(rc init bash)". In ~/.zshrc: eval "$(rc init zsh)". In config.fish: rc init fish | source. In $PROFILE of PowerShell: rc init pwsh | Out-String | Invoke-Expression',
    'For systemd: prints the unit receive-connector.service with the paths of this installation (docs/service.md). With --home or RC_HOME it runs on that home as its owner, else on one of its own.',
  ],
  flags: FLAGS,
  examples: [
    {
      command: 'rc --home /srv/rc init home',
      does: 'Makes the store of that home; every other command with --home only reads what is there.',
    },
    { command: 'eval "$(rc init bash)"', does: 'Teaches the running bash.' },
    { command: 'rc init systemd', does: 'Prints the unit for /etc/systemd/system/receive-connector.service.' },
    {
      command: 'rc init systemd --socket',
      does: 'Prints the one that opens the ports, 25 too, without rights for rc.',
    },
  ],
  words: [...SHELLS, 'systemd', 'home'],
  async run(call) {
    const { runtime } = call;
    const { own, flags, words } = await readFlags('init', FLAGS, call);
    const { arguments: args } = own;
    let text: string;
    if (words.length === 1 && words[0]!.toLowerCase() === 'home') {
      const { makeHome } = await import('./open-store.ts');
      text = makeHome(resolveHome(flags.home, runtime.env));
    } else if (words.length === 1 && words[0]!.toLowerCase() === 'systemd') {
      const systemd = await import('./init/systemd.ts');
      const named = flags.home ?? (runtime.env.RC_HOME || undefined);
      const user = args.User;
      const home = named === undefined && !user ? systemd.serviceHome() : undefined;
      const here = home ?? resolveHome(named, runtime.env);
      const bindings = args.Socket ? systemd.enabledBindings(here) : undefined;
      if (bindings?.length === 0)
        throw usage(
          `No connector of ${here.folder} is enabled, so there is no port to open. Make or enable one first: rc help new`,
        );
      text = bindings
        ? systemd.socketUnit(bindings, user)
        : systemd.serviceUnit({
            command: [process.execPath, resolve(process.argv[1] ?? 'rc')],
            home: named === undefined ? undefined : here.folder,
            owner: systemd.ownerOf(here.folder),
            user,
            runtimeFolder: runtime.env.XDG_RUNTIME_DIR || `/run/user/${process.getuid?.() ?? 0}`,
            systemdVersion: args.SystemdVersion ?? systemd.installedSystemd(),
          });
    } else {
      const given = FLAGS.find(({ name }) => own.has(name) && args[name] !== false);
      const { initFor } = await import('./init/init.ts');
      text = initFor(words);
      if (given) throw usage(`${own.spell(given.name)} is for rc init systemd.`);
    }
    if (!runtime.silent) writeAll(1, text);
    return 0;
  },
};
