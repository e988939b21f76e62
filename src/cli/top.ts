/** `rc top`: its flags, and the process's terminal as src/top wants it. src/top itself is loaded only when it runs. */
import { existsSync } from 'node:fs';
import { listenerStatus } from '../control/listener-client.ts';
import { identityMatcher } from '../domain/identity.ts';
import { Servers } from '../domain/servers.ts';
import type { Site } from '../domain/setting.ts';
import { secondsOf } from '../domain/span.ts';
import { isMember } from '../fleet/when-member.ts';
import { CmdletError, usage } from '../pipeline/error.ts';
import type { Arguments, Parameter } from '../pipeline/parameter.ts';
import { serversOf } from '../store/document.ts';
import { type Home, resolveHome } from '../store/home.ts';
import { readOwn } from '../store/home-files.ts';
import { linkedStore } from '../store/linked-store.ts';
import { parseDocument } from '../store/parse.ts';
import { show } from '../text/printable.ts';
import { shellWord } from '../text/shell-word.ts';
import { sameText } from '../text/wildcard.ts';
import type { Terminal } from '../top/top.ts';
import type { Command } from './command.ts';
import { readFlags } from './command-flags.ts';
import { commandLineHost, wantsColour } from './host.ts';
import { outputFormat } from './output.ts';
import { streamKind, writeAll } from './terminal.ts';

const FLAGS = [
  {
    name: 'Identity',
    type: 'strings',
    position: 0,
    rest: true,
    completes: 'connector',
    help: 'Only these connectors, their sources and events; wildcards find several.',
  },
  {
    name: 'Interval',
    aliases: ['Every'],
    type: 'string',
    placeholder: 'SECONDS',
    help: 'Time between two looks: 0.1 to 60 seconds. Default: 1.',
  },
  {
    name: 'Sort',
    type: 'string',
    values: ['use', 'open', 'refused', 'name'],
    placeholder: 'COLUMN',
    help: 'What connectors and sources are sorted by at first: use (closeness to the limit, the default), open, refused, name.',
  },
  {
    name: 'Filter',
    type: 'string',
    help: 'Shows only rows with this text, or that match this wildcard pattern; the / key changes it.',
  },
  {
    name: 'Server',
    type: 'string',
    completes: 'server',
    help: 'Only this server of the fleet; a wildcard finds several. Without it all are watched.',
  },
  { name: 'Once', type: 'switch', help: 'Prints one screen and ends.' },
  { name: 'Lines', type: 'switch', help: 'Prints a line for each look, as it does without a terminal.' },
  { name: 'Count', type: 'int', help: 'Ends after N lines.' },
  { name: 'Ascii', type: 'switch', help: 'Draws bars in ASCII, as it does where the locale is not UTF-8.' },
] as const satisfies readonly Parameter[];

export const top: Command = {
  summary: 'Watch the running listener: connectors, sources, refusals, events',
  usage: '[NAME] [flags]',
  description: [
    'Full-screen on a terminal: each connector and source with a bar of its open connections against the limit, refusals a second, the last events. The ? key shows the keys. It goes on when the listener is restarted; with --wait it also waits for one that is to come.',
    'Into a pipe or file it prints a line for each look; --output ndjson prints an object for each. Both begin with the second look, because rates are differences.',
  ],
  flags: FLAGS,
  examples: [
    { command: 'rc top', does: 'Watches; q ends it.' },
    { command: "rc top 'default*' --sort refused", does: 'Watches some connectors, those that refuse most first.' },
    { command: 'rc top --once', does: 'Prints one screen, for a script or a ticket.' },
    { command: 'rc top --count 3 | cat', does: 'Prints three lines, one a second.' },
    {
      command: 'rc top --output ndjson --count 1',
      does: 'Prints one object: rates, the busiest source, each connector.',
    },
  ],
  async run(call) {
    const { runtime } = call;
    const { own, flags } = await readFlags('top', FLAGS, call);
    const { arguments: args } = own;
    const home = resolveHome(flags.home, runtime.env);
    if (flags.home !== undefined && !existsSync(home.folder))
      throw new CmdletError(
        `Nothing is in ${home.folder}. A listener makes it: rc --home ${shellWord(home.folder)} serve`,
      );
    const several = serversWanted(home, args.Server);
    const everyMs = intervalMs(args.Interval);
    const onTerminal = streamKind(0) === 'terminal' && streamKind(1) === 'terminal';
    const how = howToShow(args, flags.output, runtime.env, onTerminal);
    const { ASCII, UNICODE, writesUnicode } = await import('../top/glyphs.ts');
    const options = {
      home,
      server: () => several?.title ?? serverName(home),
      everyMs,
      ...(await watched(home, several, everyMs)),
      sort: args.Sort,
      filter: args.Filter,
      wanted: wantedOf(args.Identity ?? [], () => serverName(home)),
      write: (text: string) => writeAll(1, text),
      glyphs: args.Ascii || !writesUnicode(runtime.env) ? ASCII : UNICODE,
    };
    const colour = wantsColour(1, runtime.env);
    if (how === 'screen') {
      if (flags.wait === undefined && !several?.others.length && !(await runs(home)))
        throw new CmdletError(
          `No listener runs on ${home.folder}. Start one: rc serve. To watch for one that is to come: rc top --wait`,
        );
      const { runScreen } = await import('../top/top.ts');
      const signal = await runScreen(options, processTerminal(colour ? 'colour' : 'attributes'));
      if (signal) process.kill(process.pid, signal); // nobody listens for it any more: we end as if we never had
      return 0;
    }
    const { NoListener, runLines, showOnce } = await import('../top/printed.ts');
    try {
      if (how === 'once') await showOnce(options, paper(runtime.env), colour ? 'colour' : 'text');
      else {
        const host = commandLineHost(runtime);
        await runLines(options, how, args.Count ?? Number.POSITIVE_INFINITY, (text) => host.writeWarning(text));
      }
    } catch (error) {
      if (error instanceof NoListener) throw new CmdletError(`${error.message} Start one: rc serve`);
      throw error;
    }
    return 0;
  },
};

/** Does a listener run? One that cannot be asked is for the screen to tell. */
async function runs(home: Home): Promise<boolean> {
  try {
    return (await listenerStatus(home)) !== undefined;
  } catch {
    return true;
  }
}

type How = 'screen' | 'once' | 'lines' | 'ndjson';

/** @throws CmdletError (usage) for flags that do not go together */
function howToShow(
  args: Arguments<(typeof FLAGS)[number]>,
  output: string | undefined,
  env: NodeJS.ProcessEnv,
  onTerminal: boolean,
): How {
  const format = output === undefined ? env.RC_OUTPUT?.toLowerCase() : outputFormat(output, env, onTerminal);
  if (output !== undefined && format !== 'ndjson')
    throw usage(`rc top prints a screen, lines or ndjson; --output ${output} is for commands that end`);
  const once = args.Once;
  if (once && (args.Count !== undefined || args.Lines || output !== undefined))
    throw usage(
      '--once prints one screen; --count, --lines and --output are for lines. For one line: --lines --count 1',
    );
  if (args.Count === 0) throw usage('--count: 0 lines are none; give 1 or more');
  if (once) return 'once';
  if (format === 'ndjson') return 'ndjson';
  if (args.Lines || args.Count !== undefined) return 'lines';
  // A terminal that cannot place a cursor gets lines.
  return onTerminal && env.TERM !== 'dumb' && (env.TERM || process.platform === 'win32') ? 'screen' : 'lines';
}

/** @throws CmdletError (usage) */
function intervalMs(text: string | undefined): number {
  if (text === undefined) return 1000;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (secondsOf(text) ?? Number.NaN);
  if (!(seconds >= 0.1 && seconds <= 60))
    throw usage(`--interval: ${show(text)} is not possible; allowed: 0.1 to 60 seconds`);
  return Math.round(seconds * 1000);
}

/** @throws WildcardError */
function wantedOf(identities: readonly string[], server: () => string) {
  if (!identities.length) return undefined;
  const matchers = identities.map(identityMatcher);
  let name: string | undefined;
  return (called: string, Guid: string) => {
    name ??= server();
    const [, of = name, Name = called] = /^([^\\]+)\\(.*)$/s.exec(called) ?? []; // SERVER\NAME where several are watched
    return matchers.some((matcher) => matcher.matches({ Name, Guid }, of));
  };
}

interface Several {
  readonly own: string | undefined;
  readonly others: readonly string[];
  readonly title: string;
}

/**
 * The servers of a fleet that are watched; `undefined`: this one alone, in its own words.
 * @throws CmdletError for a server that cannot be watched from here
 */
function serversWanted(home: Home, asked: string | undefined): Several | undefined {
  const servers = serversIn(home);
  const { own } = servers;
  let meant: readonly Site[];
  try {
    meant = asked === undefined ? servers.all : servers.meant(asked);
  } catch (error) {
    throw usage((error as Error).message);
  }
  const names = meant.map(({ server }) => server);
  const others = names.filter((name) => !sameText(name, own.server));
  if (isMember(home) && names.length && servers.all.length > 1)
    return {
      own: others.length < names.length ? own.server : undefined,
      others,
      title: names.length <= 3 ? names.join(', ') : `${names.length} servers`,
    };
  if (asked === undefined || others.length < names.length) return undefined;
  const why = isMember(home) ? 'no server of the fleet' : "another machine's. There: rc top";
  throw new CmdletError(`This is ${own.server}, and ${show(asked)} is ${why}`);
}

/** How the listeners that are watched are asked. */
async function watched(home: Home, several: Several | undefined, everyMs: number) {
  const ownSessions = async () => (await import('../control/listener-client.ts')).sessions(home);
  if (!several) {
    const { follow } = await import('../top/follow.ts');
    return { follow: (signal: AbortSignal) => follow(home, everyMs, signal), sessions: ownSessions };
  }
  const { followServers, sessionsOfServers } = await import('./follow-servers.ts');
  return {
    follow: (signal: AbortSignal) => followServers(home, several, everyMs, signal),
    sessions: () => sessionsOfServers(home, several, ownSessions),
  };
}

/** As the store has it; a store that cannot be read is the listener's matter, which tells it. */
function serverName(home: Home): string {
  return serversIn(home).own.server;
}

function serversIn(home: Home): Servers {
  try {
    const document = parseDocument(readOwn(linkedStore(home.store, 'read')), home.store);
    if (document.server.name) return serversOf(document);
  } catch {}
  const host = process.getBuiltinModule('node:os').hostname();
  return new Servers({ server: host.split('.')[0]!, fqdn: host });
}

/** The size of one screen that is printed: the terminal's, $COLUMNS and $LINES, or one that holds the tables well. */
function paper(env: NodeJS.ProcessEnv) {
  const given = (text: string | undefined) => (/^[1-9]\d{0,3}$/.test(text ?? '') ? Number(text) : undefined);
  const [columns, rows] = streamKind(1) === 'terminal' ? (process.stdout.getWindowSize?.() ?? []) : [];
  return { columns: given(env.COLUMNS) ?? (columns || 100), rows: given(env.LINES) ?? (rows || 40) };
}

const ENDS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

function processTerminal(painting: Terminal['painting']): Terminal {
  const { stdin, stdout } = process;
  const windows = process.platform === 'win32';
  let stopped: ((signal: NodeJS.Signals) => void) | undefined;
  return {
    input: stdin,
    painting,
    size() {
      const [columns, rows] = stdout.getWindowSize?.() ?? [];
      return { columns: columns || 80, rows: rows || 24 };
    },
    onResize(changed) {
      stdout.on('resize', changed);
      return () => void stdout.off('resize', changed);
    },
    onSignals(heard) {
      const end = (signal: NodeJS.Signals) => heard('end', signal);
      const goOn = (signal: NodeJS.Signals) => heard('continue', signal);
      stopped = (signal) => heard('stop', signal);
      for (const signal of ENDS) process.on(signal, end);
      if (!windows) process.on('SIGCONT', goOn).on('SIGTSTP', stopped);
      return () => {
        for (const signal of ENDS) process.off(signal, end);
        if (!windows) process.off('SIGCONT', goOn).off('SIGTSTP', stopped!);
      };
    },
    suspend(group) {
      if (windows) return;
      // Without a listener the signal does what it does by itself. SIGSTOP also stops a process without a shell above it.
      process.off('SIGTSTP', stopped!);
      if (group) process.kill(0, 'SIGTSTP');
      else process.kill(process.pid, 'SIGSTOP');
      process.on('SIGTSTP', stopped!);
    },
  };
}
