/** What sessions are made of, in this process or in workers: what the listener is started with, and how that ends. */
import type { Pressure } from '../domain/pressure.ts';
import { readTransport } from '../domain/transport.ts';
import type { AdmissionAuthority } from './admission/authority.ts';
import { type CountingFleet, FleetAuthority } from './admission/fleet-authority.ts';
import { LocalAuthority } from './admission/local-authority.ts';
import type { EventLog } from './contracts/event-log.ts';
import type { Listener } from './listener.ts';
import type { ListenerOptions } from './listener-options.ts';
import { MemoryBudget } from './memory-budget.ts';
import { PressureMonitor } from './pressure/monitor.ts';
import { systemProbe } from './pressure/probe.ts';
import type { Parts, ServeOptions } from './serve-options.ts';
import { Logons } from './session/logon.ts';
import { Workers } from './workers/workers.ts';

interface SessionParts {
  readonly of: Pick<ListenerOptions, 'pressure' | 'authority' | 'startSession' | 'services' | 'workers' | 'sockets'>;
  close(): Promise<void>;
}

export function sessionParts(
  options: Pick<ServeOptions, 'home' | 'workers'>,
  parts: Parts,
  events: EventLog,
  listener: () => Listener,
  fleet?: CountingFleet,
): SessionParts {
  const local = new LocalAuthority(parts.openRates());
  const authority = fleet ? new FleetAuthority(local, fleet) : local;
  const logons = new Logons();
  const { home } = options;
  const pids = () => listener().workers?.status.flatMap(({ pid }) => pid ?? []) ?? [];
  const monitor = new PressureMonitor({
    probe: systemProbe([home.mail, home.folder], pids),
    settings: () => (listener().state.applied ? readTransport(listener().server.transport) : undefined),
    events,
    onChange: (pressure) => listener().workers?.press(pressure),
  });
  const pressure = () => monitor.now;
  const made = options.workers
    ? inWorkers(options, parts, events, listener, authority, logons)
    : inThisProcess(options, parts, events, listener, authority, logons, pressure);
  monitor.start();
  return {
    of: { ...made.of, pressure },
    close() {
      monitor.close();
      return made.close();
    },
  };
}

function inThisProcess(
  { home }: Pick<ServeOptions, 'home'>,
  parts: Parts,
  events: EventLog,
  listener: () => Listener,
  authority: AdmissionAuthority,
  logons: Logons,
  pressure: () => Pressure,
): SessionParts {
  const server = () => listener().server;
  const certificates = parts.openCertificates(home, events);
  const memory = new MemoryBudget();
  const delivery = parts.openDelivery(home, events, server, { memory, relays: authority.relays });
  const protocolLog = parts.openProtocolLog(home, server, events);
  const services = { delivery, protocolLog, certificates, rates: authority, memory, logons, pressure };
  return {
    of: { authority, startSession: parts.startSession, services },
    async close() {
      logons.close();
      await delivery.close();
      await protocolLog.close();
      certificates.close();
    },
  };
}

function inWorkers(
  { home, workers: size = 0 }: Pick<ServeOptions, 'home' | 'workers'>,
  { workerScript: script }: Parts,
  events: EventLog,
  listener: () => Listener,
  authority: AdmissionAuthority,
  logons: Logons,
): SessionParts {
  if (!script) throw new Error('these parts have no workers');
  const server = () => listener().server;
  const lending = () => listener().lending;
  const workers = new Workers({ home, script, size, events, authority, logons, server, lending });
  return {
    of: { authority, workers, sockets: workers.sockets },
    async close() {
      logons.close();
      await workers.close();
    },
  };
}
