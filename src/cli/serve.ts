/** `rc serve`: its flags, and the listener's bundle, which is loaded only when it runs. */
import { resolve } from 'node:path';
import { readyLine } from '../control/ready-line.ts';
import type { Binding } from '../domain/value.ts';
import type { Invocation } from '../pipeline/cmdlet.ts';
import { usage } from '../pipeline/error.ts';
import type { Parameter } from '../pipeline/parameter.ts';
import { type Home, resolveHome } from '../store/home.ts';
import { kebab } from '../text/flag-name.ts';
import { show } from '../text/printable.ts';
import { httpAddress } from './address-flag.ts';
import { commandRunner } from './child-command.ts';
import { cmdletRunner } from './cmdlet-runner.ts';
import type { Command } from './command.ts';
import { readFlags } from './command-flags.ts';
import { listenerBundle } from './listener-bundle.ts';
import type { Runtime } from './runtime.ts';
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
    name: 'Api',
    type: 'string',
    alone: '127.0.0.1:8026',
    placeholder: 'ADDRESS:PORT',
    help: 'Serves an HTTP API at this address, 127.0.0.1:8026 when it stands alone, for programs and tests: messages, connectors, faults, events; GET /openapi.json describes it. A port alone means on this computer only, 0 any that is free. Who has the token of api.token in the home gets in.',
  },
  {
    name: 'ApiTokenFile',
    type: 'path',
    help: 'With --api: the token is the one line of this file (0600), instead of one that is made.',
  },
  {
    name: 'Detach',
    type: 'switch',
    aliases: ['d', 'Daemon', 'Background'],
    help: 'Runs it in the background: returns when it serves, or tells why it does not. What it says is in serve.log of the home; rc stop ends it. As a service: rc init systemd.',
  },
  {
    name: 'Temporary',
    type: 'switch',
    help: 'Runs on a home of its own in the folder for temporary files, removed at the end: one connector, Default, on this computer, that takes anything from anybody and keeps it. For tests.',
  },
  {
    name: 'Port',
    type: 'int',
    placeholder: 'PORT',
    help: 'With --temporary: the port to listen on; 0, or left out, is any that is free.',
  },
  {
    name: 'Json',
    type: 'switch',
    help: 'Says that it serves with one line of JSON: pid, ports by connector, home, page, API. With --temporary the API is on, at a free port.',
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
    {
      command: 'rc serve --temporary --json',
      does: 'For a test: any free port, a home of its own, and a line of JSON when it serves.',
    },
    { command: 'rc serve --check', does: 'Says whether it could start, and what to type where it could not.' },
    {
      command: 'rc serve --web 127.0.0.1:8025',
      does: 'Has a page as well; the link with the token is printed on the terminal.',
    },
    { command: 'rc serve --api', does: 'Has an HTTP API as well; its token is in api.token of the home.' },
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
    const { arguments: args } = own;
    if (args.Port !== undefined && !args.Temporary)
      throw usage(
        '--port is for --temporary. The ports of connectors are their Bindings: rc set NAME --bindings 127.0.0.1:2525',
      );
    if ((args.Port ?? 0) > 65_535) throw usage(`--port: ${args.Port} is not possible; allowed: 0 to 65535.`);
    if (args.Temporary && (flags.home !== undefined || args.Check))
      throw usage(`--temporary has a home of its own; leave out ${args.Check ? '--check' : '--home'}.`);
    const api = apiOf(args);
    if (args.ApiTokenFile !== undefined && api === undefined)
      throw usage('--api-token-file is for --api: rc serve --api --api-token-file FILE');
    if (!args.Temporary) return serveOn(resolveHome(flags.home, runtime.env), args, api, runtime);
    const { temporaryHome } = await import('./temporary-home.ts');
    const temporary = await temporaryHome(args.Port ?? 0);
    let kept = false;
    try {
      const code = await serveOn(temporary.home, args, api, runtime);
      kept = args.Detach; // the detached listener takes it away when it ends
      return code;
    } finally {
      if (!kept) temporary.remove();
    }
  },
};

type Typed = Invocation<(typeof FLAGS)[number]>['arguments'];

async function serveOn(home: Home, args: Typed, api: Binding | undefined, runtime: Runtime): Promise<number> {
  if (args.Detach) return inBackground(home, args, api, runtime);
  const { env } = runtime;
  const form = args.LogFormat;
  const { stdout, stderr } = await ownStreams(home, env);
  try {
    return await listenerBundle().serve({
      home,
      stdout,
      stderr,
      firstRun: args.FirstRun,
      check: args.Check,
      json: args.Json,
      ...(form === undefined || form === 'Auto' ? {} : { journal: form === 'Journal' }),
      workers: await workersOf(args.Workers),
      metrics: httpAddress('--metrics', args.Metrics, 9464),
      web: httpAddress('--web', args.Web, 8025),
      ...(api && { api }),
      ...(args.ApiTokenFile !== undefined && { apiTokenFile: resolve(args.ApiTokenFile) }),
      runCmdlets: cmdletRunner(home, env),
      runCommand: commandRunner(home, env),
    });
  } finally {
    if (env.RC_TEMPORARY === home.folder) {
      const { removeHome } = await import('./temporary-home.ts');
      removeHome(home);
    }
  }
}

/** Where the API is to be. A program that starts a listener for a test has it without asking. */
function apiOf({ Api, Temporary, Json }: Typed): Binding | undefined {
  return httpAddress('--api', Api ?? (Temporary && Json ? '0' : undefined), 8026, true);
}

/** Starts it as a process of its own. */
async function inBackground(home: Home, args: Typed, api: Binding | undefined, runtime: Runtime): Promise<number> {
  if (args.Check || args.FirstRun)
    throw usage('--detach is for a listener that stays; --check and --first-run are for a look.');
  const { logOf, startDetached } = await import('./detach.ts');
  const own = (['Metrics', 'LogFormat', 'Workers', 'Web', 'ApiTokenFile'] as const).flatMap((name) => {
    const value = args[name];
    if (value === undefined) return [];
    return [`--${kebab(name)}`, name === 'ApiTokenFile' ? resolve(value) : value]; // it runs in another folder
  });
  const env = args.Temporary ? { ...runtime.env, RC_TEMPORARY: home.folder } : runtime.env;
  if (api) own.push('--api', String(api));
  const { pid, bound, ...beside } = await startDetached(home, own, env);
  if (args.Json) writeAll(1, readyLine({ pid, home, bound, page: beside.page, api: beside.api }));
  else if (!runtime.silent)
    writeAll(
      1,
      `The listener runs (process ${pid}).\n  home  ${home.folder}\n  log   ${logOf(home)}\nTo see how it does: rc status; to end it: rc stop\n`,
    );
  return 0;
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
