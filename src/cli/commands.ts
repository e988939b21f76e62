/** Commands of `rc` that are no cmdlets: help, version, serve, top, init, and what the shells ask behind the scenes. */
import type { Example } from '../pipeline/cmdlet.ts';
import { usage } from '../pipeline/error.ts';
import type { Parameter } from '../pipeline/parameter.ts';
import type { GlobalFlags } from './argv.ts';
import { leadingFlags } from './argv.ts';
import { init } from './init.ts';
import type { World } from './main.ts';
import { serve } from './serve.ts';
import { writeAll } from './terminal.ts';
import { top } from './top.ts';

export interface CommandCall {
  readonly tokens: readonly string[];
  readonly flags: GlobalFlags;
  readonly world: World;
  /** `rc` was typed alone. */
  readonly bare: boolean;
}

export interface Command {
  readonly summary: string;
  /** What stands after the name in a usage line: `[topic]`. */
  readonly usage?: string;
  /** More about it, a paragraph an element. */
  readonly description?: readonly string[];
  readonly flags?: readonly Parameter[];
  readonly examples?: readonly Example[];
  /** What its first argument can be, for completion. */
  words?(): Promise<readonly string[]>;
  /** Asked by shells and the build, not by people. */
  readonly hidden?: boolean;
  run(call: CommandCall): Promise<number>;
}

/** `rc serve --help` is `rc help serve`. */
export function isHelpFlag(token: string): boolean {
  return token === '--help' || token === '-h' || token === '-?';
}

export const COMMANDS: Readonly<Record<string, Command | undefined>> = Object.assign(Object.create(null), {
  help: {
    summary: 'Show help: for all, a command, a setting or a topic',
    usage: '[command | setting | topic]',
    examples: [
      { command: 'rc help set', does: 'Shows the flags and examples of rc set.' },
      {
        command: 'rc help MaxInboundConnectionPerSource',
        does: 'Shows what a setting does, its default and its range.',
      },
      { command: 'rc help wildcards', does: 'Shows a topic; rc help lists them.' },
    ],
    async words() {
      const { helpWords } = await import('./help.ts');
      return helpWords();
    },
    async run({ tokens, bare, world }: CommandCall) {
      const { helpFor } = await import('./help.ts');
      const subjects = tokens.filter((token) => !isHelpFlag(token));
      const text = helpFor(subjects, world.env, bare ? 2 : 1);
      if (!world.silent) writeAll(bare ? 2 : 1, text);
      return bare ? 2 : 0;
    },
  },
  version: {
    summary: 'Show the version',
    async run({ world }: CommandCall) {
      if (!world.silent) writeAll(1, `rc ${process.env.RC_VERSION}\n`);
      return 0;
    },
  },
  init,
  __complete: {
    summary: 'Answers a shell that completes a command line',
    hidden: true,
    async run({ tokens, world }: CommandCall) {
      const { completionAnswer } = await import('./complete.ts');
      const text = await completionAnswer(tokens, world.env);
      if (!world.silent) writeAll(1, text);
      return 0;
    },
  },
  __quote: {
    summary: 'Answers fish: the line with our wildcards in quotes',
    hidden: true,
    async run({ tokens, world }: CommandCall) {
      const { quoteFishWildcards } = await import('./completion/fish-line.ts');
      const [, line = '', ...names] = tokens;
      if (!world.silent) writeAll(1, `${quoteFishWildcards(line, new Set(names))}\n`);
      return 0;
    },
  },
  __docs: {
    summary:
      'Writes the pages that are made from the tables: man/*.1, docs/commands.md, docs/settings.md, docs/store.schema.json',
    hidden: true,
    async run({ tokens, world }: CommandCall) {
      const { writeDocs } = await import('./docs.ts');
      const written = writeDocs(tokens[0] ?? '.');
      if (!world.silent) writeAll(1, written.map((name) => `${name}\n`).join(''));
      return 0;
    },
  },
  shell: {
    summary: 'Open a prompt of the command language',
    description: [
      'The prompt takes what rc -c takes: pipelines, variables, script blocks. Tab completes cmdlets, parameters, properties and connector names; Ctrl-C gives up the line or stops what runs; Ctrl-D or exit leaves. The lines typed are kept in the home, those with passwords are not.',
    ],
    examples: [
      { command: 'rc shell', does: 'Opens the prompt.' },
      { command: 'rc shell < commands.txt', does: 'Runs the lines of a file one by one, each for itself.' },
    ],
    async run({ tokens, flags, world }: CommandCall) {
      const own = leadingFlags(tokens);
      if (own.flags.help || flags.help) return COMMANDS.help!.run({ tokens: ['shell'], flags, world, bare: false });
      if (own.rest.length)
        throw usage(`rc shell does not know what to do with "${own.rest[0]}"; for a text: rc -c '…'`);
      const { runPrompt } = await import('./language.ts');
      return runPrompt({ ...flags, ...own.flags }, world);
    },
  },
  serve,
  top,
} satisfies Record<string, Command>);
