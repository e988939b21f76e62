/**
 * `rc serve`: takes the home, opens the logs and the delivery, listens, says what it listens on and what to try, and runs
 * until it is told to stop. Not interactive; what happens meanwhile is told on stderr, an event a line.
 */
import { accessSync, constants, realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { binding } from '../domain/kind.ts';
import type { Binding } from '../domain/value.ts';
import { printableLines } from '../domain/value-error.ts';
import { type Home, resolveHome } from '../store/home.ts';
import { sharedHomeWarning } from '../store/home-files.ts';
import { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { namesOf } from './admission/bindings.ts';
import type {
  Certificates,
  Delivery,
  EventLog,
  ListenerEvent,
  LiveServer,
  MessageRates,
  ProtocolLog,
  StartSession,
} from './contract.ts';
import { Listener } from './listener.ts';
import type { MemoryBudget } from './memory-budget.ts';
import { Control } from './observe/control.ts';
import { Metrics } from './observe/metrics.ts';
import { MetricsServer } from './observe/metrics-server.ts';
import { Observer } from './observe/snapshot.ts';
import { EventAnnouncer } from './records/announce/announcer.ts';
import { events as told } from './records/event-table.ts';
import { EventFile } from './records/events.ts';
import { RecentEvents } from './records/recent-events.ts';
import { check } from './service/check.ts';
import { openNotifier } from './service/notifier.ts';
import { Service } from './service/service.ts';
import { Shutdown } from './service/shutdown.ts';
import { AlreadyRunning, claimHome } from './service/single-instance.ts';
import { isJournal, takeSupervision } from './service/supervision.ts';
import { NoWorkers } from './workers/crew.ts';
import { placeOfSessions } from './workers/place-of-sessions.ts';

/** The parts that speak SMTP, keep messages and write logs; main.ts puts the real ones in. */
export interface Parts {
  readonly startSession: StartSession;
  openCertificates(home: Home, events: EventLog): Certificates;
  openDelivery(
    home: Home,
    events: EventLog,
    server: () => LiveServer,
    shared: { readonly memory: MemoryBudget },
  ): Delivery;
  openProtocolLog(home: Home, server: () => LiveServer, events: EventLog): ProtocolLog;
  openRates(): MessageRates;
  /** Path of the workers' bundle. */
  readonly workerScript?: string;
  /** The page of `--web`. @throws Error that says why there cannot be one */
  openPage?(wanted: PageWanted): Page;
}

/** A page, closed until it is opened. */
export interface Page {
  open(): Promise<void>;
  close(): Promise<void>;
  /** What the greeting says of it. `toTerminal`: only then the way in stands in it. */
  greeting(toTerminal: boolean): string;
}

export interface PageWanted {
  /** `--web`, as typed. */
  readonly address: string;
  readonly home: Home;
  readonly events: EventLog;
  readonly listener: Listener;
  readonly observer: Observer;
  /** Runs `rc` for the page's changes. */
  readonly runCommand: RunCommand;
}

/** Runs `rc` with these arguments, to its end. `via` says in the history how it came. */
export type RunCommand = (argv: readonly string[], via: string) => Promise<CommandResult>;

export interface CommandResult {
  /** null: it was ended because it took too long. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ServeOptions {
  readonly home: Home;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** `npm start` of somebody who has just cloned it: says where things are. */
  readonly firstRun?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  /** Processes that hold the sessions; 0 or left out: this one. */
  readonly workers?: number;
  /** `127.0.0.1:9464`: where Prometheus may ask. */
  readonly metrics?: string;
  /** `127.0.0.1:8025`: where the page is. */
  readonly web?: string;
  /** How the page runs `rc`; without it there is no page. */
  readonly runCommand?: RunCommand;
  /** Only says whether it could start. */
  readonly check?: boolean;
  /** Lines on stderr as journald reads them: a level in front, no time, no colour. Left out: when stderr is the journal. */
  readonly journal?: boolean;
  /** How long sessions may finish their message at the end. */
  readonly graceMs?: number;
}

/** Runs the listener. @returns the exit code: 0 stopped as told, 1 could not start. */
export async function serve(options: ServeOptions, parts: Parts): Promise<number> {
  const { home, stdout, stderr } = options;
  const ignore = () => {};
  stdout.on('error', ignore); // a terminal or pipe that went away does not end a listener
  stderr.on('error', ignore);
  if (options.check) return sayWhetherItCould(options);
  let claim: Awaited<ReturnType<typeof claimHome>> | undefined;
  try {
    new Store(home).read(); // first use makes it; what is wrong with it is said before anything else
    claim = await claimHome(home);
    const shared = sharedHomeWarning(home.folder);
    if (shared) stderr.write(`${forJournal(options) ? '<4>' : ''}rc serve: WARNING: ${shared}\n`);
    return await run(options, parts);
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof AlreadyRunning || error instanceof StartFailure)) throw error;
    stderr.write(`${forJournal(options) ? '<3>' : ''}rc serve: ${error.message}\n`);
    return 1;
  } finally {
    claim?.release();
  }
}

/** `--check`. @returns 1 when something would keep it from starting or from what a connector says */
async function sayWhetherItCould({ home, stdout, metrics, web }: ServeOptions): Promise<number> {
  const problems = { ok: 0, warning: 0, error: 0 };
  for await (const { severity, about, text } of check({ home, addresses: { '--metrics': metrics, '--web': web } })) {
    problems[severity]++;
    const mark = severity === 'error' ? 'ERROR' : severity;
    stdout.write(printableLines(`${mark.padEnd(7)}  ${about.padEnd(11)}  ${text.replaceAll(/\s*\n\s*/g, ' ')}\n`));
  }
  const { error, warning } = problems;
  const told = warning ? ` (${warning} warning(s) above)` : '';
  stdout.write(error ? `It cannot start as it is told: ${error} error(s) above.\n` : `It can start${told}.\n`);
  return error ? 1 : 0;
}

class StartFailure extends Error {}

function forJournal({ journal, env = process.env }: ServeOptions): boolean {
  return journal ?? isJournal(env);
}

async function run(options: ServeOptions, parts: Parts): Promise<number> {
  const { home, stdout, stderr, env = process.env, graceMs = 10_000 } = options;
  const version = process.env.RC_VERSION ?? 'development';
  const shutdown = new Shutdown();
  const journal = forJournal(options);
  const supervision = takeSupervision(env);
  const log = new EventFile({ path: home.events, stderr, colour: wantsColour(stderr, env), journal });
  const announcer = new EventAnnouncer({
    log,
    version,
    server: () => (listener.state.applied ? listener.server : undefined),
  });
  const events = new RecentEvents(announcer);
  const server = () => listener.server;
  const sessions = placeOfSessions(options, parts, events, server);
  const listener: Listener = new Listener({
    store: home.store,
    events,
    ...sessions.of,
    handed: supervision.sockets,
  });
  const service = new Service({
    notifier: openNotifier(supervision, env),
    watchdogMs: supervision.watchdogMs,
    events,
    status: () => statusLine(listener),
    unwell: (ms) => listener.unwell(ms),
  });
  const observer = new Observer(listener, { home: home.folder, version, startedAt: new Date() }, events);
  const metrics = new Metrics(listener, { version });
  const metricsServer = new MetricsServer(metrics, () => [hostname(), listener.server.fqdn]);
  const control = new Control({ home, listener, observer, metrics });
  const onHangup = () => {
    void service.reload(async () => {
      log.reopen();
      listener.hint();
      await listener.settled();
    });
  };
  const onDefect = (error: unknown) =>
    events.write(told.unexpected(error instanceof Error ? `${error.stack}` : String(error)));
  shutdown.watch();
  process.on('SIGHUP', onHangup);
  process.on('uncaughtException', onDefect);
  process.on('unhandledRejection', onDefect);
  let code = 0;
  let page: Page | undefined;
  try {
    await listener.start();
    const { failed, bound } = listener.sockets;
    if (failed.length && !bound.length) {
      const lines = failed.map((f) => `  ${f.binding} for ${namesOf(f.connectors)}: ${f.advice}`);
      throw new StartFailure(printableLines(`Nothing could be listened on.\n${lines.join('\n')}`));
    }
    if (options.metrics) events.write(await openMetrics(metricsServer, binding.parse(options.metrics)));
    page = await openPage(options, parts, { events, listener, observer });
    await openControl(control); // last: whoever is answered finds all of it there
    events.write(told.started(process.pid, version, home.folder));
    // In the journal the events say it, each with its level.
    if (!journal) stdout.write(printableLines(greeting(options, listener, env, page)));
    void service.ready();
    const signal = await shutdown.asked;
    events.write(told.stopping(signal, listener.sessions.length));
    void service.stopping(listener.sessions.length);
  } catch (error) {
    code = 1;
    if (!(error instanceof StartFailure || error instanceof NoWorkers)) throw error;
    stderr.write(`${journal ? '<3>' : ''}rc serve: ${error.message}\n`);
  } finally {
    await page?.close();
    const cut = await listener.stop(code ? 0 : graceMs, shutdown.hurried);
    service.close();
    await control.close();
    await metricsServer.close();
    await sessions.close();
    if (code === 0) events.write(told.stopped(cut));
    await events.close();
    process.off('SIGHUP', onHangup);
    process.off('uncaughtException', onDefect);
    process.off('unhandledRejection', onDefect);
    shutdown.unwatch();
  }
  return code;
}

/** For `systemctl status`. */
function statusLine(listener: Listener): string {
  const { bound, failed } = listener.sockets;
  const { applied, problem } = listener.state;
  const parts = [
    `${listener.sessions.length} connection(s)`,
    `${bound.length} binding(s) open${failed.length ? ` and ${failed.length} not` : ''}`,
    `generation ${applied}${problem ? ', the store as it is now cannot be applied' : ''}`,
  ];
  return parts.join(', ');
}

async function openControl(control: Control): Promise<void> {
  try {
    await control.open();
  } catch (error) {
    throw new StartFailure((error as Error).message);
  }
}

/** @returns the event that says so, a warning when others can reach it */
async function openMetrics(server: MetricsServer, at: Binding): Promise<ListenerEvent> {
  try {
    await server.open(at);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const why =
      code === 'EADDRINUSE'
        ? `port ${at.port} is in use by another program; choose another: --metrics 127.0.0.1:${at.port < 65_535 ? at.port + 1 : 9464}`
        : code === 'EADDRNOTAVAIL'
          ? `this host has no address ${at.address}`
          : message;
    throw new StartFailure(`The metrics cannot be served on ${at}: ${why}.`);
  }
  const { address } = at;
  return told.metricsServed(`http://${at}/metrics`, address.startsWith('127.') || address === '::1');
}

async function openPage(
  { web, home, runCommand }: ServeOptions,
  parts: Parts,
  around: Pick<PageWanted, 'events' | 'listener' | 'observer'>,
): Promise<Page | undefined> {
  if (web === undefined) return undefined;
  if (!parts.openPage || !runCommand) throw new StartFailure('--web: this build has no page.');
  try {
    const page = parts.openPage({ address: web, home, runCommand, ...around });
    await page.open();
    return page;
  } catch (error) {
    throw new StartFailure((error as Error).message);
  }
}

function wantsColour(stream: NodeJS.WritableStream, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return (stream as NodeJS.WriteStream).isTTY === true;
}

/** What it listens on, and what to try from a second terminal. */
function greeting(
  { home, firstRun, stdout }: ServeOptions,
  listener: Listener,
  env: NodeJS.ProcessEnv,
  page?: Page,
): string {
  const { bound, failed } = listener.sockets;
  const lines = bound.map((b) => `  ${b.binding.padEnd(22)} ${namesOf(b.connectors)}`);
  for (const f of failed) lines.push(`  ${f.binding.padEnd(22)} NOT listening: ${f.advice}`);
  if (!lines.length) lines.push('  nothing: no connector is enabled. It starts listening as soon as one is.');
  const rc = commandName(home, env);
  const tries = [
    `  ${rc} get`,
    `  ${rc} get 'default*' --select Name,'MaxInbound*'`,
    `  ${rc} set 'default*' --max-inbound-per-source 100`,
  ];
  return [
    `The listener runs (process ${process.pid}); the store is ${home.store}. It listens on`,
    ...lines,
    ...(page ? [page.greeting((stdout as NodeJS.WriteStream).isTTY === true)] : []),
    'Every change acts at once. Try from a second terminal:',
    ...tries,
    ...(firstRun ? [`Mail it takes is in ${home.mail}; what happens is in ${home.events}.`] : []),
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}

/** How to call rc for this home from another terminal. */
function commandName(home: Home, env: NodeJS.ProcessEnv): string {
  const script = process.argv[1] ?? 'rc';
  const name = inPath(script, env) ? 'rc' : relative(process.cwd(), script) || script;
  return home.folder === usualFolder(env) ? name : `${name} --home ${quoted(home.folder)}`;
}

/** Where a home is when nobody says; a user without a home folder has none. */
function usualFolder(env: NodeJS.ProcessEnv): string | undefined {
  try {
    return resolveHome(undefined, { ...env, RC_HOME: undefined }).folder;
  } catch {
    return undefined;
  }
}

/** Is the `rc` that a shell finds this one? */
function inPath(script: string, env: NodeJS.ProcessEnv): boolean {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    try {
      const found = join(folder, 'rc');
      accessSync(found, constants.X_OK);
      return realpathSync(found) === realpathSync(script);
    } catch {}
  }
  return false;
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
