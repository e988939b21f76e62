/** `rc init SHELL`: the text for a shell. */

import { usage } from '../../pipeline/error.ts';
import { show } from '../../text/printable.ts';
import { didYouMean } from '../../text/suggest.ts';
import { bashInit } from './bash.ts';
import { fishInit } from './fish.ts';
import { pwshInit } from './pwsh.ts';
import { zshInit } from './zsh.ts';

const TEXTS: Readonly<Record<string, (() => string) | undefined>> = Object.assign(Object.create(null), {
  bash: bashInit,
  zsh: zshInit,
  fish: fishInit,
  pwsh: pwshInit,
});

const HOW = `In ~/.bashrc: eval "$(rc init bash)"
  In ~/.zshrc: eval "$(rc init zsh)"
  In ~/.config/fish/config.fish: rc init fish | source
  In $PROFILE of PowerShell: rc init pwsh | Out-String | Invoke-Expression
  As a service: rc init systemd`;

/** @throws CmdletError (usage) for another shell */
export function initFor(args: readonly string[]): string {
  const [shell, ...more] = args;
  if (shell === undefined) throw usage(`rc init needs a shell: bash, zsh, fish or pwsh; or systemd.\n  ${HOW}`);
  if (more.length) throw usage(`rc init takes one shell, not ${show(args.join(' '))}.`);
  const text = TEXTS[shell.toLowerCase()];
  if (text) return text();
  const hint = didYouMean(shell, [...Object.keys(TEXTS), 'systemd']);
  throw usage(`rc init: ${show(shell)} is not a shell it knows${hint}\n  ${HOW}`);
}
