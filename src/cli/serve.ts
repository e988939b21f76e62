/** `rc serve`: its flags, and the listener's bundle, which is loaded only when it runs. */

import { binding } from '../domain/kind.ts';
import type { Binding } from '../domain/value.ts';
import { ValueError } from '../domain/value-error.ts';
import { usage } from '../pipeline/error.ts';
import type { Parameter } from '../pipeline/parameter.ts';
import { resolveHome } from '../store/home.ts';
import { show } from '../text/printable.ts';
import { commandRunner } from './child-command.ts';
import type { Command } from './command.ts';
import { readFlags } from './command-flags.ts';
import { listenerBundle } from './listener-bundle.ts';

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
    { command: 'rc serve --check', does: 'Says whether it could start, and what to type where it could not.' },
    {
      command: 'rc serve --web 127.0.0.1:8025',
      does: 'Has a page as well; the link with the token is printed on the terminal.',
    },
    { command: 'RC_HOME=/tmp/try rc serve', does: 'Runs on a store of its own, made at first use on loopback only.' },
  ],
  async run(call) {
    const { runtime } = call;
    if (call.tokens.some((token) => /^(?:-d|--?detach|--?daemon|--?background)$/i.test(token)))
      throw usage(
        'rc serve runs in the foreground. In the background: rc serve & in a shell; as a service: rc init systemd (docs/service.md).',
      );
    const { own, flags } = await readFlags('serve', FLAGS, call, (word) =>
      usage(`rc serve does not know what to do with "${word}". See: rc help serve`),
    );
    if (flags.wait !== undefined)
      throw usage(
        'rc serve takes no --wait: it runs until it is stopped. That it listens is told by: rc get-listener; to wait for a change: rc set … --wait',
      );
    const home = resolveHome(flags.home, runtime.env);
    const { arguments: args } = own;
    const form = args.LogFormat;
    return listenerBundle().serve({
      home,
      stdout: process.stdout,
      stderr: process.stderr,
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

/** `127.0.0.1:9464`, or a port alone, which is one of this computer only. @throws CmdletError (usage) */
function httpAddress(flag: string, given: string | undefined, port: number): Binding | undefined {
  if (given === undefined) return undefined;
  try {
    return binding.parse(given.replace(/^(localhost:)?(?=\d+$)/i, '127.0.0.1:'));
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw usage(
      `${flag}: ${show(given)} is no address to listen on. Give IPv4:port or [IPv6]:port, such as 127.0.0.1:${port} (this computer only) or 0.0.0.0:${port} (all), or a port from 1 to 65535 alone.`,
    );
  }
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
