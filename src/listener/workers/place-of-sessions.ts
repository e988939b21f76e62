/** Where sessions run: in the listener's own process, or in workers. What they are started with, and how that ends when they are over. */

import type { EventLog } from '../contracts/event-log.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { ListenerOptions } from '../listener.ts';
import { MemoryBudget } from '../memory-budget.ts';
import type { Parts, ServeOptions } from '../serve-options.ts';
import { Logons } from '../session/logon.ts';
import { Crew } from './crew.ts';

export function placeOfSessions(
  options: ServeOptions,
  parts: Parts,
  events: EventLog,
  server: () => LiveServer,
): SessionPlace {
  const { workers = 0 } = options;
  return workers > 0
    ? inWorkers(options, workers, parts, events, server)
    : inThisProcess(options, parts, events, server);
}

interface SessionPlace {
  readonly of: Pick<ListenerOptions, 'startSession' | 'services' | 'workers'>;
  close(): Promise<void>;
}

function inThisProcess({ home }: ServeOptions, parts: Parts, events: EventLog, server: () => LiveServer): SessionPlace {
  const certificates = parts.openCertificates(home, events);
  const memory = new MemoryBudget();
  const logons = new Logons();
  const delivery = parts.openDelivery(home, events, server, { memory });
  const protocolLog = parts.openProtocolLog(home, server, events);
  const services = { delivery, protocolLog, certificates, rates: parts.openRates(), memory, logons };
  return {
    of: { startSession: parts.startSession, services },
    async close() {
      logons.close();
      await delivery.close();
      await protocolLog.close();
      certificates.close();
    },
  };
}

function inWorkers(
  { home }: ServeOptions,
  size: number,
  parts: Parts,
  events: EventLog,
  server: () => LiveServer,
): SessionPlace {
  const script = parts.workerScript;
  if (!script) throw new Error('these parts have no workers');
  const workers = new Crew({ home, script, size, events, rates: parts.openRates(), server });
  return { of: { startSession: workers.startSession, workers }, close: () => workers.close() };
}
