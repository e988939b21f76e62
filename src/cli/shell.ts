/** `rc shell`: the prompt of the command language, which is loaded only when it opens. */
import { usage } from '../pipeline/error.ts';
import type { Command } from './command.ts';
import { readFlags } from './command-flags.ts';

export const shell: Command = {
  summary: 'Open a prompt of the command language',
  description: [
    'The prompt takes what rc -c takes: pipelines, variables, script blocks. Tab completes cmdlets, parameters, properties and connector names; Ctrl-C gives up the line or stops what runs; Ctrl-D or exit leaves. The lines typed are kept in the home, those with passwords are not.',
  ],
  examples: [
    { command: 'rc shell', does: 'Opens the prompt.' },
    { command: 'rc shell < commands.txt', does: 'Runs the lines of a file one by one, each for itself.' },
  ],
  async run(call) {
    const { flags } = await readFlags('shell', [], call, (word) =>
      usage(`rc shell does not know what to do with "${word}"; for a text: rc -c '…'`),
    );
    const { runPrompt } = await import('./language.ts');
    return runPrompt(flags, call.runtime);
  },
};
