/** Runs a text of the language on three connectors and gives its values, or what went wrong. */

import { compileBlock, runScript } from '../../src/language/runtime/script.ts';
import type { Host } from '../../src/pipeline/context.ts';
import type { Value } from '../../src/pipeline/value.ts';
import { resolveHome } from '../../src/store/home.ts';
import { Store } from '../../src/store/store.ts';
import { tempFolder } from '../support/temp-home.ts';

export interface Result {
  readonly values: Value[];
  /** Warnings and errors, a line each. */
  readonly said: string[];
  readonly code: number;
}

export async function run(text: string, input: Iterable<Value>, folder = tempFolder('objects')): Promise<Result> {
  const values: Value[] = [];
  const said: string[] = [];
  const store = new Store(resolveHome(folder, {}));
  const host: Host = {
    env: {},
    cwd: folder,
    clock: () => new Date('2024-05-03T12:00:00Z'),
    writeWarning: (line) => said.push(`WARNING: ${line}`),
    writeError: (error, cmdlet) => said.push(`${cmdlet}: ${error.message}`),
    writeVerbose: (line) => said.push(line),
    writeHost: (line) => said.push(line),
    ask: async () => undefined,
    columns: 80,
    compile: (block) => compileBlock(block, host, store),
  };
  const code = await runScript(text, {
    host,
    store,
    author: () => ({ user: 'test', command: 'test' }),
    print: async (stream) => {
      for await (const value of stream) values.push(value);
    },
    complain: (line) => said.push(line),
    input: async function* () {
      yield* input;
    },
  });
  return { values, said, code };
}
