/** Looks at the machine every two seconds, as Exchange does (ResourceMonitoringInterval), and says under which pressure it is. */
import { highest, isHigher, NO_PRESSURE, type Pressure, pressureOf, type ResourceUse } from '../../domain/pressure.ts';
import type { Transport } from '../../domain/transport.ts';
import type { EventLog } from '../contracts/event-log.ts';
import { EVENTS } from '../records/event-table.ts';
import type { Probe } from './probe.ts';

interface MonitorOptions {
  readonly probe: Probe;
  /** As it is now; `undefined` before the store was read. */
  readonly settings: () => Transport | undefined;
  readonly events: EventLog;
  /** The level, or what it is about, is another one. */
  readonly onChange?: (pressure: Pressure) => void;
}

export class PressureMonitor {
  now: Pressure = NO_PRESSURE;
  readonly #options: MonitorOptions;
  #timer: NodeJS.Timeout | undefined;
  #seen: Pressure = NO_PRESSURE;
  #looking = false;
  #soon: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: MonitorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), 2000).unref();
    setImmediate(() => void this.look()); // when all that it asks is there
  }

  /** One look. Never fails. */
  async look(): Promise<void> {
    if (this.#looking || this.#closed) return; // a volume that hangs is not asked again and again
    this.#looking = true;
    try {
      const use = await this.#options.probe.look();
      if (!this.#closed) this.#take(use);
    } finally {
      this.#looking = false;
    }
  }

  #take(use: ResourceUse): void {
    const settings = this.#options.settings();
    if (!settings) {
      this.#soon = setTimeout(() => void this.look(), 50).unref(); // the store is being read
      return;
    }
    const seen = pressureOf(use, settings, this.now);
    const next = this.#confirmed(seen);
    this.#seen = seen;
    const before = this.now;
    this.now = next;
    if (keyOf(before) === keyOf(next)) return;
    this.#tell(before, next);
    this.#options.onChange?.(next);
  }

  /** Memory and the event loop rise by a second look: one pause, or one collection that is due, is no pressure. The disk rises at once. */
  #confirmed(seen: Pressure): Pressure {
    const resources = seen.resources.map((one) => {
      const of = ({ resources: all }: Pressure) => all.find((r) => r.resource === one.resource)?.level ?? 'Low';
      const isNew = isHigher(one.level, of(this.now)) && isHigher(one.level, of(this.#seen));
      return one.resource !== 'UsedDiskSpace' && isNew ? { ...one, level: of(this.now) } : one;
    });
    return { level: highest(resources), resources };
  }

  #tell(before: Pressure, next: Pressure): void {
    const { events } = this.#options;
    const under = next.resources.filter(({ level }) => level !== 'Low');
    const about = under.map(({ resource, level, text }) => `${resource} ${level}: ${text}`).join('; ');
    if (isHigher(next.level, before.level)) events.write(EVENTS.pressureIncreased(before.level, next.level, about));
    else if (isHigher(before.level, next.level))
      events.write(EVENTS.pressureDecreased(before.level, next.level, about));
    const isHigh = (pressure: Pressure, name: string) =>
      pressure.resources.some(({ resource, level }) => resource === name && level === 'High');
    if (isHigh(next, 'UsedDiskSpace') && !isHigh(before, 'UsedDiskSpace')) events.write(EVENTS.diskPressure(about));
    if (isHigh(next, 'UsedMemory') && !isHigh(before, 'UsedMemory')) events.write(EVENTS.memoryPressure(about));
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    this.#options.probe.close();
  }
}

function keyOf({ resources }: Pressure): string {
  return resources.flatMap(({ resource, level }) => (level === 'Low' ? [] : [`${resource} ${level}`])).join();
}
