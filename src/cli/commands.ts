/** Commands of `rc` that are no cmdlets: help, version, serve. */

import { join } from 'node:path';
import { usage } from '../cmdlet/error.ts';
import { resolveHome } from '../store/home.ts';
import type { GlobalFlags } from './argv.ts';
import { leadingFlags } from './argv.ts';
import type { World } from './main.ts';
import { writeAll } from './terminal.ts';

export interface CommandCall {
  readonly tokens: readonly string[];
  readonly flags: GlobalFlags;
  readonly world: World;
  /** `rc` was typed alone. */
  readonly bare: boolean;
}

export interface Command {
  readonly summary: string;
  run(call: CommandCall): Promise<number>;
}

/** Bundled beside this one and loaded only by `rc serve`, so that no other command pays for a server. */
const LISTENER = 'listener.cjs';

export const COMMANDS: Readonly<Record<string, Command | undefined>> = Object.assign(Object.create(null), {
  help: {
    summary: 'Show help, for one command or all',
    async run({ tokens, bare, world }: CommandCall) {
      const { helpFor } = await import('./help.ts');
      const text = helpFor(tokens[0], world.env);
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
  serve: {
    summary: 'Run the SMTP listener that obeys the connectors',
    async run({ tokens, flags, world }: CommandCall) {
      const own = leadingFlags(tokens.filter((token) => token !== '--first-run'));
      if (own.flags.help) return COMMANDS.help!.run({ tokens: ['serve'], flags, world, bare: false });
      if (own.rest.length) throw usage(`rc serve does not know what to do with "${own.rest[0]}". See: rc help serve`);
      const home = resolveHome(own.flags.home ?? flags.home, world.env);
      const { serve } = require(join(__dirname, LISTENER)) as typeof import('../listener/main.ts');
      return serve({ home, stdout: process.stdout, stderr: process.stderr, firstRun: tokens.includes('--first-run') });
    },
  },
} satisfies Record<string, Command>);
