/**
 * `rc serve`: takes the home, opens the logs and the delivery, listens, says what it listens on and what to try, and runs
 * until it is told to stop. Not interactive; what happens meanwhile is told on stderr, an event a line.
 */

import type { PageAnswer } from '../control/listener-client.ts';
import { readyLine } from '../control/ready-line.ts';
import type { Binding } from '../domain/value.ts';
import { namesOf } from '../domain/wanted-bindings.ts';
import { agreeWithFleet } from '../fleet/when-member.ts';
import { sharedHomeWarning } from '../store/home-folders.ts';
import { NotOurs } from '../store/ours.ts';
import { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { colourWanted } from '../text/colour-wanted.ts';
import { printableLines } from '../text/printable.ts';
import type { RunningApi } from './api/open-api.ts';
import { endsOf } from './follow/ends.ts';
import { ownNames } from './http/guard.ts';
import { Listener } from './listener.ts';
import { Control } from './observe/control.ts';
import { healthOf } from './observe/health.ts';
import { Metrics } from './observe/metrics.ts';
import { MetricsServer } from './observe/metrics-server.ts';
import { Observer } from './observe/snapshot.ts';
import { EventAnnouncer } from './records/announce/announcer.ts';
import { EVENTS } from './records/event-table.ts';
import { EventFile } from './records/events.ts';
import { RecentEvents } from './records/recent-events.ts';
import type { Parts, ServeOptions } from './serve-options.ts';
import { sayWhetherItCould } from './service/check-report.ts';
import { ListenerFleet } from './service/fleet.ts';
import { fleetAnswers } from './service/fleet-answers.ts';
import { greeting, statusLine } from './service/greeting.ts';
import { openNotifier } from './service/notifier.ts';
import { openApi, openControl, openMetrics, openPage, openPageNow } from './service/open.ts';
import { Service } from './service/service.ts';
import { Shutdown } from './service/shutdown.ts';
import { AlreadyRunning, claimHome } from './service/single-instance.ts';
import { StartFailure } from './service/start-failure.ts';
import { isJournal, takeSupervision } from './service/supervision.ts';
import { sessionParts } from './session-parts.ts';
import type { Page } from './web/open-page.ts';
import { NoWorkers } from './workers/workers.ts';

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
    const told = [StoreError, AlreadyRunning, StartFailure, NotOurs];
    if (!(error instanceof Error && told.some((kind) => error instanceof kind))) throw error;
    const page = error instanceof AlreadyRunning && options.web ? ' For a page on it: rc web.' : '';
    stderr.write(`${forJournal(options) ? '<3>' : ''}rc serve: ${error.message}${page}\n`);
    return 1;
  } finally {
    claim?.release();
  }
}

function forJournal({ journal, env = process.env }: ServeOptions): boolean {
  return journal ?? isJournal(env);
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: it puts the parts together and takes them apart, in order, and does nothing else
async function run(options: ServeOptions, parts: Parts): Promise<number> {
  const { home, stdout, stderr, env = process.env, graceMs = 10_000 } = options;
  const version = process.env.RC_VERSION ?? 'development';
  const shutdown = new Shutdown();
  const journal = forJournal(options);
  const supervision = takeSupervision(env);
  const log = new EventFile({
    path: home.events,
    stderr,
    colour: colourWanted(env, (stderr as NodeJS.WriteStream).isTTY === true),
    journal,
  });
  const announcer = new EventAnnouncer({
    log,
    version,
    server: () => (listener.state.applied ? listener.server : undefined),
  });
  const events = new RecentEvents(announcer);
  const answers = fleetAnswers(
    () => listener,
    () => observer,
    home,
  );
  const fleet = new ListenerFleet(home, () => listener, events, version, answers);
  const sessions = sessionParts(options, parts, events, () => listener, fleet);
  const listener: Listener = new Listener({
    store: home.store,
    events,
    ...sessions.of,
    handed: supervision.sockets,
    fleet: () => fleet.figures,
  });
  const store = new Store(home);
  agreeWithFleet(store);
  const ends = endsOf(store, () => listener, events, { fleetTime: () => fleet.node.time });
  listener.onState(() => ends.follow());
  const service = new Service({
    notifier: openNotifier(supervision, env),
    watchdogMs: supervision.watchdogMs,
    events,
    status: () => statusLine(listener),
    unwell: (ms) => listener.unwell(ms),
  });
  let page: Page | undefined;
  let api: RunningApi | undefined;
  const beside = () => ({ page: page?.url, api: api && { url: api.url, tokenFile: api.tokenFile } });
  const about = { home: home.folder, version, startedAt: new Date(), beside };
  const observer: Observer = new Observer(listener, about, events);
  const metrics = new Metrics(listener, { version });
  const metricsServer = new MetricsServer(
    metrics,
    () => healthOf(listener),
    () => ownNames(listener.server),
  );
  const reload = () =>
    service.reload(async () => {
      log.reopen();
      listener.hint();
      await listener.settled();
    });
  const onHangup = () => void reload();
  let opening: Promise<Page> | undefined;
  const pageNow = async (address: Binding | undefined): Promise<PageAnswer> => {
    const wasThere = page !== undefined;
    opening ??= page ? Promise.resolve(page) : openPageNow(options, parts, { events, listener, observer }, address);
    try {
      page = await opening;
    } finally {
      opening = undefined;
    }
    return { url: page.url, token: page.token, opened: !wasThere };
  };
  const stop = (now: boolean) => {
    shutdown.request('rc stop');
    if (now) shutdown.request('rc stop');
  };
  const control = new Control({ home, listener, observer, metrics, orders: { stop, reload, page: pageNow } });
  const onDefect = (error: unknown) =>
    events.write(EVENTS.unexpected(error instanceof Error ? `${error.stack}` : String(error)));
  shutdown.watch();
  process.on('SIGHUP', onHangup);
  process.on('uncaughtException', onDefect);
  process.on('unhandledRejection', onDefect);
  let code = 0;
  try {
    await ends.start();
    await listener.start();
    const { failed, bound } = listener.sockets;
    if (failed.length && !bound.length) {
      const lines = failed.map((f) => `  ${f.binding} for ${namesOf(f.connectors)}: ${f.advice}`);
      throw new StartFailure(printableLines(`Nothing could be listened on.\n${lines.join('\n')}`));
    }
    if (options.metrics) events.write(await openMetrics(metricsServer, options.metrics));
    page = await openPage(options, parts, { events, listener, observer });
    api = await openApi(options, parts, { events, listener, observer });
    await openControl(control); // last: whoever is answered finds all of it there
    events.write(EVENTS.started(process.pid, version, home.folder));
    // In the journal the events say it, each with its level.
    if (options.json) stdout.write(readyLine({ pid: process.pid, home, bound, ...beside() }));
    else if (!journal) stdout.write(printableLines(greeting(options, listener, env, page, api)));
    void service.ready();
    fleet.start();
    const signal = await shutdown.asked;
    listener.shut(); // what else ends takes its time (the page, the API, a fleet's engine), and nobody is to come in meanwhile
    events.write(EVENTS.stopping(signal, listener.open));
    void service.stopping(listener.open);
  } catch (error) {
    code = 1;
    if (!(error instanceof StartFailure || error instanceof NoWorkers)) throw error;
    stderr.write(`${journal ? '<3>' : ''}rc serve: ${error.message}\n`);
  } finally {
    await page?.close();
    await ends.close();
    await api?.close();
    await fleet.close();
    const cut = await listener.stop(code ? 0 : graceMs, shutdown.hurried);
    service.close();
    await control.close();
    await metricsServer.close();
    await sessions.close();
    if (code === 0) events.write(EVENTS.stopped(cut));
    await events.close();
    process.off('SIGHUP', onHangup);
    process.off('uncaughtException', onDefect);
    process.off('unhandledRejection', onDefect);
    shutdown.unwatch();
  }
  return code;
}
