/** `rc -c TEXT`, `rc -c -`, `rc -f FILE`, `rc shell`: the command language. Loaded only by these. */
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { namesIn } from '../completion/store-names.ts';
import { hasListener } from '../control/control-address.ts';
import type { CompletionWorld } from '../language/prompt/complete.ts';
import { StreamRecord } from '../language/runtime/redirect.ts';
import { compileBlock, runScript, type ScriptWorld } from '../language/runtime/script.ts';
import { readScriptFile, scriptText } from '../language/runtime/script-file.ts';
import type { Session } from '../language/runtime/session.ts';
import type { Host } from '../pipeline/context.ts';
import { usage } from '../pipeline/error.ts';
import type { Value } from '../pipeline/value.ts';
import { Formatted } from '../print/record.ts';
import { sayingBehind, WaitingRows } from '../print/waiting-rows.ts';
import { type Home, resolveHome } from '../store/home.ts';
import { printable, show } from '../text/printable.ts';
import { withoutSecrets } from '../text/without-secrets.ts';
import { type GlobalFlags, leadingFlags } from './argv.ts';
import { authorOf } from './author.ts';
import { commandLineHost, wantsColour } from './host.ts';
import { openStore } from './open-store.ts';
import { outputFormat, printAll } from './output.ts';
import type { Runtime } from './runtime.ts';
import { objectsIn } from './stdin.ts';
import { readBytes, readChunks, streamKind, terminalColumns, writeAll } from './terminal.ts';

/** The streams, the store and the printer that a script runs with. */
function scriptWorld(flags: GlobalFlags, runtime: Runtime): ScriptWorld {
  const format = outputFormat(flags.output, runtime.env, !runtime.silent && streamKind(1) === 'terminal');
  const home = resolveHome(flags.home, runtime.env);
  const store = openStore(home, flags.home !== undefined, runtime.silent);
  const write = runtime.silent ? () => {} : (text: string) => writeAll(1, text);
  const plain: Host = commandLineHost({ ...runtime, compile: (text) => compileBlock(text, host, store) });
  // on one terminal what is said stands where it was said among what is given
  const isOne = streamKind(1) === 'terminal' && streamKind(2) === 'terminal';
  const waiting = isOne ? new WaitingRows() : undefined;
  const host = waiting ? sayingBehind(plain, () => write(waiting.take())) : plain;
  const tells = streamKind(2) === 'terminal' && !flags.quiet && !runtime.silent;
  let goesOn = true; // what goes on while the store cannot be read is said once
  let untold: Home | undefined = home; // that no listener runs there is said once
  const red = wantsColour(2, runtime.env);
  return {
    host,
    store,
    author: (statement) => ({ ...authorOf(runtime.env, []), command: printable(withoutSecrets(statement)) }),
    print: (values) =>
      printAll(
        format === 'default' || flags.output || runtime.env.RC_OUTPUT ? values : plainTexts(values),
        format,
        write,
        runtime.env,
        host,
        flags.output,
        waiting,
      ),
    async storeUnread() {
      if (!goesOn || !hasListener(home)) return;
      goesOn = false;
      const what = await (await import('./what-still-runs.ts')).whatStillRuns(home);
      if (what) host.writeHost(what);
    },
    async changed(statement, generation) {
      goesOn = true;
      if (tells) {
        const { tellChanges } = await import('./tell-changes.ts');
        await tellChanges(statement, host, flags.wait === undefined ? untold : undefined);
        untold = undefined;
      }
      if (flags.wait === undefined) return;
      const { waitForListener } = await import('./wait.ts');
      await waitForListener(home, generation, flags.wait, host);
    },
    complain: (text) => {
      if (!runtime.silent) writeAll(2, red ? `\u001b[31m${text}\u001b[0m\n` : `${text}\n`);
    },
  };
}

/** Into a pipe, where nobody asked for JSON, a text is its own line: `rc -c '(Get-ReceiveConnector).Name' | while read name`. */
async function* plainTexts(values: AsyncIterable<Value>): AsyncGenerator<Value> {
  for await (const value of values)
    yield typeof value === 'string' || value instanceof StreamRecord
      ? new Formatted({ kind: 'text', text: `${value}\n` })
      : value;
}

/**
 * Runs a text or a file; `-` for either reads it from standard input. Flags of `rc` itself may stand right behind it
 * (`rc -c '…' --output list`); the rest of the arguments, or what follows `--`, is $args.
 */
export async function runLanguage(
  how: '-c' | '-f',
  given: readonly string[],
  before: GlobalFlags,
  runtime: Runtime,
): Promise<number> {
  const [what, ...behind] = given;
  const { flags: own, rest } = leadingFlags(behind);
  const flags = { ...before, ...own };
  const args = rest[0] === '--' ? rest.slice(1) : rest;
  if (what === undefined)
    throw usage(
      how === '-c' ? "-c needs a text: rc -c 'Get-ReceiveConnector default*'" : '-f needs a file: rc -f limits.ps1',
    );
  const fromStdin = what === '-';
  const more = { kind: 'usage', id: 'ScriptNotFound', target: what } as const;
  const text = fromStdin
    ? scriptText(Buffer.concat([...readBytes(0)]), 'Standard input', more)
    : how === '-c'
      ? what
      : readScriptFile(what, show(what), more);
  const kind = streamKind(0);
  const piped = !fromStdin && (kind === 'pipe' || kind === 'file');
  const options = {
    ...scriptWorld(flags, runtime),
    args,
    name: how === '-f' && !fromStdin ? what : undefined,
    file: how === '-f' && !fromStdin ? resolve(what) : undefined,
  };
  return runScript(text, {
    ...options,
    input: piped ? (): AsyncIterable<Value> => objectsIn(readChunks(0)) : undefined,
  });
}

/** The prompt, on the process's own terminal; lines from a pipe run one by one. */
export async function runPrompt(flags: GlobalFlags, runtime: Runtime): Promise<number> {
  const home = resolveHome(flags.home, runtime.env);
  const terminal = streamKind(0) === 'terminal' && streamKind(1) === 'terminal';
  const script = scriptWorld(flags, runtime);
  const { membersOf, runShell } = await import('../language/prompt/repl.ts');
  return runShell({
    input: process.stdin,
    output: process.stdout,
    terminal,
    world: script,
    format: outputFormat(flags.output, runtime.env, terminal),
    colour: wantsColour(1, runtime.env),
    home: home.folder,
    size: () => ({ rows: process.stdout.rows || 24, columns: terminalColumns(runtime.env) }),
    completion: (session) => ({
      ...completionWorld(home, session),
      members: (name) => membersOf(session.get(name.toLowerCase())),
    }),
  });
}

/** What the store, the session and the folder have to offer to completion. */
function completionWorld(home: Home, session: Session): CompletionWorld {
  return {
    ...namesIn(home),
    functions: () => [...session.frame.allFunctions().values()].map(({ name }) => name),
    variables: () => [...session.frame.allVariables()].map(([name]) => name),
    files: filesLike,
  };
}

function filesLike(prefix: string): string[] {
  const folder = prefix.endsWith('/') || prefix === '' ? prefix : prefix.slice(0, prefix.lastIndexOf('/') + 1);
  try {
    return readdirSync(resolve(folder || '.'), { withFileTypes: true })
      .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
      .filter((path) => !path.slice(folder.length).startsWith('.'))
      .sort();
  } catch {
    return [];
  }
}
