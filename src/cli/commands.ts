/** Commands of `rc` that are no cmdlets, as help, the manual and completion list them. What help, version and the questions of shells do is in main.ts. */
import type { Command, CommandInfo } from './command.ts';
import { init } from './init.ts';
import { serve } from './serve.ts';
import { shell } from './shell.ts';
import { top } from './top.ts';
import { web } from './web.ts';

const help: CommandInfo = {
  summary: 'Show help: for all, a command, a setting or a topic',
  usage: '[command | setting | topic]',
  examples: [
    { command: 'rc help set', does: 'Shows the flags and examples of rc set.' },
    { command: 'rc help MaxInboundConnectionPerSource', does: 'Shows what a setting does, its default and its range.' },
    { command: 'rc help wildcards', does: 'Shows a topic; rc help lists them.' },
  ],
};

const version: CommandInfo = { summary: 'Show the version' };

export const COMMANDS: Readonly<Record<string, CommandInfo | Command | undefined>> = Object.assign(
  Object.create(null),
  { help, version, init, shell, serve, top, web } satisfies Record<string, CommandInfo | Command>,
);
