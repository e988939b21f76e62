/** Opens what stands beside the listener: control socket, metrics, page, API. Each that cannot be opened ends the start. */
import { Binding } from '../../domain/value.ts';
import type { ApiWanted, RunningApi } from '../api/open-api.ts';
import type { ListenerEvent } from '../contracts/event-log.ts';
import type { Control } from '../observe/control.ts';
import type { MetricsServer } from '../observe/metrics-server.ts';
import { EVENTS } from '../records/event-table.ts';
import type { Parts, ServeOptions } from '../serve-options.ts';
import type { Page, PageWanted } from '../web/open-page.ts';
import { StartFailure } from './start-failure.ts';

export async function openControl(control: Control): Promise<void> {
  try {
    await control.open();
  } catch (error) {
    throw new StartFailure((error as Error).message);
  }
}

/** @returns the event that says so, a warning when others can reach it */
export async function openMetrics(server: MetricsServer, at: Binding): Promise<ListenerEvent> {
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
  return EVENTS.metricsServed(`http://${at}/metrics`, address.startsWith('127.') || address === '::1');
}

export async function openPage(
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

export async function openApi(
  { api, apiTokenFile: tokenFile, home, runCmdlets }: ServeOptions,
  parts: Parts,
  around: Pick<ApiWanted, 'events' | 'listener' | 'observer'>,
): Promise<RunningApi | undefined> {
  if (api === undefined) return undefined;
  if (!parts.openApi || !runCmdlets) throw new StartFailure('--api: this build has none.');
  try {
    return await parts.openApi({ address: api, tokenFile, home, runCmdlets, ...around });
  } catch (error) {
    throw new StartFailure((error as Error).message);
  }
}

/** Where the page is when nobody says. */
const USUAL_PAGE = new Binding('127.0.0.1', 8025);
const ANY_PORT = new Binding('127.0.0.1', 0);

/** The page of a listener that runs without one (`rc web`). @throws Error that says why there cannot be one */
export async function openPageNow(
  options: ServeOptions,
  parts: Parts,
  around: Pick<PageWanted, 'events' | 'listener' | 'observer'>,
  address: Binding | undefined,
): Promise<Page> {
  const at = async (web: Binding) => (await openPage({ ...options, web }, parts, around))!;
  if (address) return at(address);
  try {
    return await at(USUAL_PAGE);
  } catch {
    return at(ANY_PORT); // another home's page has the usual port
  }
}
