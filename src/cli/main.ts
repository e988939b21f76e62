/** `rc`: finds the cmdlet, binds its arguments, runs it as one statement, prints what it gives, and says how it went by its exit code. */

import { fastNamed } from '../cmdlets/fast-path.ts';
import { hasListener } from '../control/control-address.ts';
import { bindArguments } from '../pipeline/binder.ts';
import type { Cmdlet, Invocation } from '../pipeline/cmdlet.ts';
import { DEFAULT_PREFERENCES, type Host } from '../pipeline/context.ts';
import { CmdletError, usage } from '../pipeline/error.ts';
import { invoke, StopStatement, type Surroundings } from '../pipeline/run.ts';
import { Statement } from '../pipeline/statement.ts';
import type { Value } from '../pipeline/value.ts';
import { eachWithMachineForms } from '../print/machine-forms.ts';
import { type Home, homeAt, resolveHome } from '../store/home.ts';
import { sharedHomeWarning } from '../store/home-folders.ts';
import { NotOurs } from '../store/ours.ts';
import type { Author, Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { show } from '../text/printable.ts';
import { nearest } from '../text/suggest.ts';
import { WildcardError } from '../text/wildcard.ts';
import { type GlobalFlags, leadingFlags, parseArguments } from './argv.ts';
import { authorOf } from './author.ts';
import { type Command, type CommandCall, isHelpFlag } from './command.ts';
import { groupedErrors } from './grouped-errors.ts';
import { commandLineHost, type HostOptions } from './host.ts';
import { warnMissing } from './missing-property.ts';
import { openStore } from './open-store.ts';
import { hasMachineForms, outputFormat, printAll } from './output.ts';
import { EXIT, type Runtime } from './runtime.ts';
import { objectsIn } from './stdin.ts';
import { ClosedPipe, readChunks, streamKind, writeAll } from './terminal.ts';

/** Runs `rc` with these arguments; the exit code: 0 done, 1 something failed, 2 wrong usage. */
export async function main(argv: readonly string[], runtime: Runtime = { env: process.env }): Promise<number> {
  const host = commandLineHost(runtime);
  try {
    return await run(argv, runtime);
  } catch (error) {
    if (error instanceof ClosedPipe) return EXIT.done;
    if (error instanceof CmdletError) {
      host.writeError(error, 'rc');
      return error.kind === 'usage' ? EXIT.usage : EXIT.failed;
    }
    if (error instanceof StoreError || error instanceof NotOurs) {
      const home = error instanceof StoreError && error.folder !== undefined ? homeAt(error.folder) : undefined;
      const more = home && hasListener(home) ? await (await import('./what-still-runs.ts')).whatStillRuns(home) : '';
      host.writeError(new CmdletError(more ? `${error.message}\n${more}` : error.message), 'rc');
      return EXIT.failed;
    }
    if (error instanceof WildcardError) {
      host.writeError(usage(error.message), 'rc');
      return EXIT.usage;
    }
    const { message, stack } = error as Error;
    const detail = argv.includes('--debug') ? `\n${stack}` : ' For where it happened, add --debug.';
    host.writeError(new CmdletError(`This should not happen: ${message}${detail}`), 'rc');
    return EXIT.failed;
  }
}

function writeOutput({ silent, stdout }: Runtime, text: string): void {
  if (silent && stdout === undefined) return;
  try {
    writeAll(stdout ?? 1, text);
  } catch (error) {
    if (error instanceof ClosedPipe) throw error;
    throw new CmdletError(`The output could not be written (${(error as Error).message}).`);
  }
}

async function run(argv: readonly string[], runtime: Runtime): Promise<number> {
  const { flags, rest } = leadingFlags(argv);
  const [name, ...tokens] = rest;
  if (name === '-c' || name === '-f') {
    const { runLanguage } = await import('./language.ts');
    return runLanguage(name, tokens, flags, runtime);
  }
  if (flags.version) return OWN.version!({ tokens, flags, runtime, bare: false });
  if (name === undefined) return OWN.help!({ tokens, flags, runtime, bare: !flags.help });
  const everyday = fastNamed(name);
  const own = everyday ? undefined : await ownCommand(name, tokens);
  if (own) return own({ tokens, flags, runtime, bare: false });
  const cmdlet = everyday ?? (await commandNamed(name));
  if (!cmdlet) throw await unknownCommand(name);
  const raw = parseArguments(cmdlet, tokens, flags);
  if (flags.help) return OWN.help!({ tokens: [name], flags, runtime, bare: false });
  return runCmdlet(cmdlet, raw, flags, runtime, argv);
}

/** What runs behind the name of a command that is no cmdlet, and what tells of it when its arguments ask for that. */
async function ownCommand(name: string, tokens: readonly string[]): Promise<Command['run'] | undefined> {
  const command = (await import('./commands.ts')).COMMANDS[name];
  if (command && tokens.some(isHelpFlag))
    return (call) => OWN.help!({ ...call, tokens: name === 'help' ? tokens : [name] });
  return command && 'run' in command ? command.run : OWN[name];
}

/** What rc does itself: help and version, and what shells and the build ask behind the scenes. */
const OWN: Readonly<Record<string, ((call: CommandCall) => Promise<number>) | undefined>> = Object.assign(
  Object.create(null),
  {
    async help({ tokens, bare, runtime }: CommandCall) {
      const { helpFor } = await import('./help.ts');
      const subjects = tokens.filter((token) => !isHelpFlag(token));
      return say(runtime, helpFor(subjects, runtime.env, bare ? 2 : 1), bare ? 2 : 1);
    },
    async version({ runtime }: CommandCall) {
      return say(runtime, `rc ${process.env.RC_VERSION}\n`);
    },
    /** Answers a shell that completes a command line. */
    async __complete({ tokens, runtime }: CommandCall) {
      const { completionAnswer } = await import('./complete.ts');
      return say(runtime, await completionAnswer(tokens, runtime.env));
    },
    /** Answers fish: the line with our wildcards in quotes. */
    async __quote({ tokens, runtime }: CommandCall) {
      const { quoteFishWildcards } = await import('./completion/fish-line.ts');
      const [, line = '', ...names] = tokens;
      return say(runtime, `${quoteFishWildcards(line, new Set(names))}\n`);
    },
    /** Writes the pages that are made from the tables. */
    async __docs({ tokens, runtime }: CommandCall) {
      const { writeDocs } = await import('./docs.ts');
      return say(
        runtime,
        writeDocs(tokens[0] ?? '.')
          .map((name) => `${name}\n`)
          .join(''),
      );
    },
  },
);

function say({ silent }: Runtime, text: string, fd: 1 | 2 = 1): number {
  if (!silent) writeAll(fd, text);
  return fd === 1 ? EXIT.done : EXIT.usage;
}

/** Any cmdlet, by loading all of them. */
async function commandNamed(name: string): Promise<Cmdlet | undefined> {
  return (await import('../cmdlets/table.ts')).commandNamed(name);
}

/** Commands that are told for the beginning of a word. */
const MOST_BEGUN = 5;

async function unknownCommand(name: string): Promise<CmdletError> {
  if (name.startsWith('-'))
    return usage(
      `${show(name)} is not a flag of rc itself; flags of a command come after it: rc get ${name}. See: rc help`,
    );
  const { commandNamed, commandNames } = await import('../cmdlets/table.ts');
  const { COMMANDS } = await import('./commands.ts');
  const { hintFor } = await import('../cmdlets/word-hints.ts');
  const hint = hintFor(name);
  if (hint) return usage(`${show(name)} is not a command of rc. ${hint}`);
  const names = [...commandNames(), ...Object.keys(COMMANDS)];
  const begun = names.filter((one) => one.startsWith(name.toLowerCase()) && !one.includes('-'));
  if (name.length > 1 && begun.length && begun.length <= MOST_BEGUN)
    return usage(
      `${show(name)} is not a command of rc. These begin with it: ${begun.map((one) => `rc ${one}`).join(', ')}. For all commands: rc help`,
    );
  const word = nearest(name, names);
  const fullName = word === undefined ? undefined : commandNamed(word)?.name;
  const close = fullName?.toLowerCase() === word ? fullName : word;
  return usage(
    `${show(name)} is not a command of rc.${close ? ` Did you mean: rc ${close}?` : ''} For all commands: rc help`,
  );
}

async function runCmdlet(
  cmdlet: Cmdlet,
  raw: ReturnType<typeof parseArguments>,
  flags: GlobalFlags,
  runtime: Runtime,
  argv: readonly string[],
): Promise<number> {
  const readsDash = cmdlet.input !== undefined && raw.positional.length === 1 && raw.positional[0] === '-';
  if (flags.wait !== undefined && !cmdlet.changes)
    throw usage(`--wait is for commands that change something; ${cmdlet.name} changes nothing.`);
  const invocation = bindArguments(cmdlet, readsDash ? { ...raw, positional: [] } : raw, 'flags');
  const format = outputFormat(flags.output, runtime.env, !runtime.silent && streamKind(1) === 'terminal');
  const home = resolveHome(flags.home, runtime.env);
  const store = openStore(home, flags.home !== undefined, runtime.silent);
  const statement = new Statement(store);
  // `{ … }` in an argument is a script block: only then the language is loaded
  const language = argv.some((arg) => arg.includes('{')) ? await import('../language/runtime/script.ts') : undefined;
  const compile: HostOptions['compile'] =
    language && ((text: string) => language.compileBlock(text, host, store, statement));
  const { host, tell } = groupedErrors(commandLineHost({ ...runtime, compile }));
  const around: Surroundings = {
    host,
    store,
    statement,
    preferences: DEFAULT_PREFERENCES,
    answers: {},
  };
  let output: AsyncIterable<Value> = invoke(
    invocation,
    inputOf(
      cmdlet,
      invocation.has('Identity'),
      readsDash || cmdlet.readsInput?.(invocation) === true,
      readsDash,
      runtime.stdin ?? 0,
    ),
    around,
  );
  if (flags.select) {
    const { selectObject } = await import('../cmdlets/objects/select-object.ts');
    if (hasMachineForms(format, flags.output, runtime.env)) output = eachWithMachineForms(output);
    output = warnMissing(output, flags.select, around.host.writeWarning);
    output = invoke(bindArguments(selectObject, { named: [], positional: flags.select }, 'flags'), output, around);
  }
  const print: Running['print'] = (values) =>
    printAll(values, format, (text) => writeOutput(runtime, text), runtime.env, undefined, flags.output);
  try {
    if (!cmdlet.changes) {
      let count = 0;
      const counted = each(output, () => count++);
      await print(counted);
      if (!count && cmdlet.name.startsWith('Get-')) await tellNothing(invocation, statement, host, flags);
      // a block can hold cmdlets that change something: rc get | rc foreach '{ Set-ReceiveConnector … }'
      if (statement.hasChanges && (await statement.end(authorOf(runtime.env, argv))).dropped)
        around.host.writeWarning(nothingChanged(statement.errors.length));
    } else {
      await changeAndPrint(output, {
        invocation,
        statement,
        store,
        host,
        home,
        flags,
        author: () => authorOf(runtime.env, argv),
        print,
      });
    }
  } catch (error) {
    if (!(error instanceof StopStatement)) throw error;
    around.host.writeError(error.error, error.from || cmdlet.name);
    return EXIT.failed;
  } finally {
    tell();
  }
  if (!statement.errors.length) return statement.exitCode ?? EXIT.done;
  return statement.errors.every((error) => error.kind === 'usage') ? EXIT.usage : EXIT.failed;
}

interface Running {
  readonly invocation: Invocation;
  readonly statement: Statement;
  readonly store: Store;
  readonly host: Host;
  readonly home: Home;
  readonly flags: GlobalFlags;
  author(): Author;
  print(values: Iterable<Value> | AsyncIterable<Value>): Promise<unknown>;
}

/** A cmdlet that changes something prints when all of it is written, and says on stderr what became of it. */
async function changeAndPrint(output: AsyncIterable<Value>, running: Running): Promise<void> {
  const { invocation, statement, store, host, home, flags } = running;
  const results: Value[] = [];
  for await (const value of output) results.push(value);
  const { dropped, written } = await statement.end(running.author());
  if (written && !flags.quiet && (streamKind(2) === 'terminal' || invocation.arguments.Verbose))
    await (await import('./tell-changes.ts')).tellChanges(
      statement,
      host,
      flags.wait === undefined && streamKind(2) === 'terminal' ? home : undefined,
    );
  if (!written) await tellNothing(invocation, statement, host, flags);
  if (store.notMade && statement.errors.length) host.writeWarning(store.notMade);
  if (dropped) {
    host.writeWarning(nothingChanged(statement.errors.length));
    return;
  }
  const shared = statement.generation === undefined ? undefined : sharedHomeWarning(home.folder);
  if (shared) host.writeWarning(shared);
  await running.print(results);
  if (flags.wait === undefined || invocation.arguments.WhatIf) return;
  const { waitForListener } = await import('./wait.ts');
  await waitForListener(home, statement.generation ?? store.read().generation, flags.wait, host);
}

/** Calls back for each value that goes by. */
async function* each(values: AsyncIterable<Value>, seen: () => void): AsyncGenerator<Value> {
  for await (const value of values) {
    seen();
    yield value;
  }
}

/** On a terminal. */
async function tellNothing(invocation: Invocation, statement: Statement, host: Host, { quiet }: GlobalFlags) {
  if (quiet || statement.errors.length || streamKind(1) !== 'terminal' || streamKind(2) !== 'terminal') return;
  const text = (await import('./nothing-found.ts')).nothingFound(invocation, statement);
  if (text) host.writeHost(text);
}

function nothingChanged(errors: number): string {
  return `Nothing was changed, because of the ${errors === 1 ? 'error' : `${errors} errors`} above. To change the other objects all the same, add --error-action Continue.`;
}

/** What is piped in: only when the cmdlet takes objects and no identity was given. `rc get` alone means all, so it reads stdin only for "-". */
function inputOf(
  cmdlet: Cmdlet,
  hasIdentity: boolean,
  reads: boolean,
  readsDash: boolean,
  stdin: number,
): AsyncIterable<Value> | undefined {
  if (!cmdlet.input || hasIdentity) return undefined;
  if (cmdlet.input === 'optional' && !reads) return undefined;
  const kind = streamKind(stdin);
  if (kind !== 'pipe' && kind !== 'file' && !readsDash) return undefined;
  const isNamed = cmdlet.parameters.some(({ name, pipeline }) => pipeline && name === 'Identity');
  return objectsIn(readChunks(stdin), { isNamed });
}
