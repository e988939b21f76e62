/** A store, a host that remembers what was said, and scripts run on them in this process. */

import { compileWhole } from '../../src/language/compiler/compile.ts';
import type { Limits } from '../../src/language/runtime/budget.ts';
import { compileBlock, runScript, runText, type ScriptWorld } from '../../src/language/runtime/script.ts';
import { Session } from '../../src/language/runtime/session.ts';
import { conciseView } from '../../src/pipeline/concise-view.ts';
import type { Host } from '../../src/pipeline/context.ts';
import { printed, type Value } from '../../src/pipeline/value.ts';
import { homeAt } from '../../src/store/home.ts';
import { Store } from '../../src/store/store.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';

export interface Told {
  readonly code: number;
  readonly values: readonly Value[];
  /** The values as texts. */
  readonly out: readonly string[];
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** Write-Host, What if. */
  readonly said: readonly string[];
  readonly verbose: readonly string[];
  /** The errors as they are shown, line by line. */
  readonly shown: string;
  /** What is wrong with the text. */
  readonly complaint: string;
}

export interface Scene {
  readonly home: string;
  readonly world: ScriptWorld;
  run(
    text: string,
    options?: {
      args?: string[];
      input?: Value[];
      answers?: (string | undefined)[];
      limits?: Partial<Limits>;
      /** The full name of the script's file. */
      file?: string;
    },
  ): Promise<Told>;
  /** The same session for several texts, as at the prompt. */
  prompt(): { run(text: string): Promise<Told>; session: Session };
  /** A connector as it stands on the disk. */
  stored(name: string): Record<string, unknown> | undefined;
  generation(): number;
}

/** A part of what there is, so that texts without end have one soon; some are run with the usual limits too (test/language/hostile.test.ts). */
export const SMALL = { rounds: 1_100_000, work: 50_000_000, overflows: 3 };

export const CONNECTORS = [
  { Name: 'Default EX', Bindings: ['0.0.0.0:25'], PermissionGroups: 'AnonymousUsers, ExchangeServers' },
  { Name: 'Client EX', Bindings: ['0.0.0.0:587'], PermissionGroups: 'ExchangeUsers', MessageRateLimit: 5 },
  { Name: 'Relay', Bindings: ['127.0.0.1:2526'], RemoteIPRanges: ['192.168.5.10', '192.168.5.11'] },
];

export function scene(connectors: readonly Record<string, unknown>[] = CONNECTORS, more: object = {}): Scene {
  const home = tempFolder('shell');
  writeStore(home, connectors, more);
  const store = new Store(homeAt(home));
  let told = empty();
  let answers: (string | undefined)[] = [];
  const host: Host = {
    env: { HOME: home, SITE: 'contoso.com' },
    cwd: home,
    columns: undefined,
    clock: () => new Date('2024-06-01T12:00:00Z'),
    writeWarning: (text) => void told.warnings.push(text),
    writeError: (error, cmdlet) => {
      told.errors.push(error.message.startsWith(`${cmdlet}:`) ? error.message : `${cmdlet}: ${error.message}`);
      told.shown += `${conciseView(error, cmdlet)}\n`;
    },
    writeVerbose: (text) => void told.verbose.push(text),
    writeHost: (text) => void told.said.push(text),
    ask: async (prompt) => {
      told.said.push(prompt);
      return answers.shift();
    },
    compile: (text) => compileBlock(text, host, store),
  };
  const world: ScriptWorld = {
    host,
    store,
    author: (command) => ({ user: 'test', command }),
    async print(values) {
      for await (const value of values) told.values.push(value);
    },
    complain: (text) => {
      told.complaint += text;
    },
  };
  const finish = (code: number): Told => ({ ...told, code, out: told.values.map((value) => printed(value)) });
  return {
    home,
    world,
    async run(text, options = {}) {
      told = empty();
      answers = [...(options.answers ?? [])];
      const input = options.input && (() => each(options.input!));
      const { args, limits, file } = options;
      return finish(await runScript(text, { ...world, args, input, limits, file, name: file }));
    },
    prompt() {
      const session = new Session({ host, store, compile: compileWhole });
      return {
        session,
        async run(text) {
          told = empty();
          return finish(await runText(text, session, world));
        },
      };
    },
    stored: (name) => storeIn(home).connectors.find((c) => c.Name === name),
    generation: () => storeIn(home).generation,
  };
}

function empty() {
  return {
    values: [] as Value[],
    errors: [] as string[],
    warnings: [] as string[],
    said: [] as string[],
    verbose: [] as string[],
    shown: '',
    complaint: '',
  };
}

async function* each(values: readonly Value[]): AsyncGenerator<Value> {
  yield* values;
}
