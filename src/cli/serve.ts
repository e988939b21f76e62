/** `rc serve`: its flags, and the listener's bundle, which is loaded only when it runs. */

import { usage } from '../pipeline/error.ts';
import type { Parameter } from '../pipeline/parameter.ts';
import { type Home, resolveHome } from '../store/home.ts';
import { show } from '../text/printable.ts';
import { httpAddress } from './address-flag.ts';
import { globalFlag } from './argv.ts';
import { commandRunner } from './child-command.ts';
import type { Command, CommandCall } from './command.ts';
import { readFlags } from './command-flags.ts';
import { listenerBundle } from './listener-bundle.ts';
import { writeAll } from './terminal.ts';

const FLAGS = [
  {
    name: 'Metrics',
    type: 'string',
    placeholder: 'ADDRESS:PORT',
    help: 'Serves metrics for Prometheus at this address, such as 127.0.0.1:9464; a port alone means on this computer only.',
  },
  {
    name: 'Check',
    type: 'switch',
    help: 'Only says whether it could start: store, bindings, certificates, folders, next host. Changes nothing; exit status 1 when it could not.',
  },
  {
    name: 'LogFormat',
    type: 'string',
    values: ['Auto', 'Text', 'Journal'],
    placeholder: 'FORM',
    help: 'Lines on stderr: Text for people, Journal with priorities for journald; Auto (when not given) sees which it is.',
  },
  {
    name: 'Workers',
    type: 'string',
    placeholder: 'N|auto',
    help: 'Processes that hold the sessions, so that a busy listener uses more cores: 1 to 64, or auto, one a core. Without it, or with 0, one process does everything.',
  },
  {
    name: 'Web',
    type: 'string',
    placeholder: 'ADDRESS:PORT',
    help: 'Shows connectors, sources, events and history as a page at this address, such as 127.0.0.1:8025, and changes settings there; a port alone means on this computer only. Who has the token that is printed gets in. It is plain HTTP: from another computer use a tunnel.',
  },
  {
    name: 'Detach',
    type: 'switch',
    aliases: ['d', 'Daemon', 'Background'],
    help: 'Runs it in the background: returns when it serves, or tells why it does not. What it says is in serve.log of the home; rc stop ends it. As a service: rc init systemd.',
  },
  { name: 'FirstRun', type: 'switch', help: 'Says how to try it: for the first look (npm start does this).' },
] as const satisfies readonly Parameter[];

export const serve: Command = {
  summary: 'Run the SMTP listener that obeys the connectors',
  usage: '[flags]',
  description: [
    'Listens on the bindings of all enabled connectors and watches the store: every change is applied at once, without a restart; sessions that a change does not concern are untouched. A store that is not valid is not applied: the last good one stays, and an event says what is wrong.',
    'SIGTERM and SIGINT let running messages finish, then it ends with 0; SIGHUP reads the store at once. One listener runs on a home.',
  ],
  flags: FLAGS,
  examples: [
    { command: 'rc serve', does: 'Runs until it is stopped.' },
    { command: 'rc serve --metrics 127.0.0.1:9464', does: 'Serves metrics for Prometheus on this computer as well.' },
    { command: 'rc serve --detach', does: 'Runs in the background; returns when it serves.' },
    { command: 'rc serve --check', does: 'Says whether it could start, and what to type where it could not.' },
    {
      command: 'rc serve --web 127.0.0.1:8025',
      does: 'Has a page as well; the link with the token is printed on the terminal.',
    },
    { command: 'RC_HOME=/tmp/try rc serve', does: 'Runs on a store of its own, made at first use on loopback only.' },
  ],
  async run(call) {
    const { runtime } = call;
    const { own, flags } = await readFlags('serve', FLAGS, call, (word) =>
      usage(`rc serve does not know what to do with "${word}". See: rc help serve`),
    );
    if (flags.wait !== undefined)
      throw usage(
        'rc serve takes no --wait: it runs until it is stopped. That it listens is told by: rc get-listener; to wait for a change: rc set … --wait',
      );
    const home = resolveHome(flags.home, runtime.env);
    const { arguments: args } = own;
    if (args.Detach) return detached(call, home, args.Check || args.FirstRun);
    const form = args.LogFormat;
    const { stdout, stderr } = await ownStreams(home, runtime.env);
    return listenerBundle().serve({
      home,
      stdout,
      stderr,
      firstRun: args.FirstRun,
      check: args.Check,
      ...(form === undefined || form === 'Auto' ? {} : { journal: form === 'Journal' }),
      workers: await workersOf(args.Workers),
      metrics: httpAddress('--metrics', args.Metrics, 9464),
      web: httpAddress('--web', args.Web, 8025),
      runCommand: commandRunner(home, runtime.env),
    });
  },
};

/** Starts it in the background. */
async function detached({ tokens, runtime }: CommandCall, home: Home, looksOnly: boolean): Promise<number> {
  if (looksOnly) throw usage('--detach is for a listener that stays; --check and --first-run are for a look.');
  const { logOf, startDetached } = await import('./detach.ts');
  const own = withoutGlobals(tokens).filter((token) => !/^--?(?:d|det\w*|da\w*|b\w*)(?:[=:].*)?$/i.test(token));
  const pid = await startDetached(home, own, runtime.env);
  if (!runtime.silent)
    writeAll(
      1,
      `The listener runs (process ${pid}) on ${home.folder}. Its log is ${logOf(home)}; to end it: rc stop\n`,
    );
  return 0;
}

/** What was typed without --home, which the child gets of its own. */
function withoutGlobals(tokens: readonly string[]): string[] {
  const rest: string[] = [];
  for (let at = 0; at < tokens.length; ) {
    const taken = globalFlag(tokens, at, {});
    if (!taken) rest.push(tokens[at]!);
    at += taken || 1;
  }
  return rest;
}

/** The log of a detached listener has its beginning; its events are in events.ndjson, which is put aside when it is long. */
const MOST_LOG = 256 * 1024;

async function ownStreams(
  home: Home,
  env: NodeJS.ProcessEnv,
): Promise<{ stdout: NodeJS.WritableStream; stderr: NodeJS.WritableStream }> {
  const { stdout, stderr } = process;
  if (env.RC_DETACHED !== '1') return { stdout, stderr };
  const { firstLines } = await import('./first-lines.ts');
  const rest = `This log ends here; the events go on in ${home.events}.`;
  return { stdout, stderr: firstLines(stderr, MOST_LOG, rest) };
}

const MOST_WORKERS = 64;

async function workersOf(text: string | undefined): Promise<number> {
  if (text === undefined) return 0;
  if (text.toLowerCase() === 'auto') {
    const { availableParallelism } = await import('node:os');
    return Math.min(MOST_WORKERS, availableParallelism());
  }
  const number = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= MOST_WORKERS) return number;
  throw usage(
    `--workers takes a number from 0 to ${MOST_WORKERS}, or auto for one a core; not ${show(text)}. 0 is one process for everything.`,
  );
}
