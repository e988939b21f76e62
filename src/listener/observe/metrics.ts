/**
 * Metrics in Prometheus' text format, read from the running listener when somebody asks. The first connectors have a label
 * of their own; the rest share `other`, for good, so that a counter never goes back: of a connector that is removed, one with
 * a label takes its series along, one of the others leaves what it counted.
 */
import { printable } from '../../text/printable.ts';
import type { LiveConnector } from '../admission/live-connector.ts';
import { BUILD_INFO, CONNECTOR_METRICS, type ConnectorMetric, LISTENER_METRICS } from './metric-table.ts';
import type { Observed } from './snapshot.ts';

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const MOST_CONNECTORS = 200;
const OTHER = 'other';

interface MetricsOptions {
  readonly version: string;
  /** Connectors with a label of their own. */
  readonly most?: number;
}

export class Metrics {
  readonly #listener: Observed;
  readonly #version: string;
  readonly #labels: Labels;
  #usual: Promise<() => Promise<string>> | undefined;
  #asked: Promise<string> | undefined;

  constructor(listener: Observed, options: MetricsOptions) {
    this.#listener = listener;
    this.#version = options.version;
    this.#labels = new Labels(options.most ?? MOST_CONNECTORS);
  }

  /** All metrics. Those who ask at the same time get the same answer. */
  text(): Promise<string> {
    this.#asked ??= this.#make().finally(() => {
      this.#asked = undefined;
    });
    return this.#asked;
  }

  async #make(): Promise<string> {
    this.#usual ??= processMetrics();
    const usual = await (await this.#usual)();
    await this.#listener.sync?.();
    return `${this.#ours()}${usual}`;
  }

  #ours(): string {
    const lines: string[] = [];
    const head = ({ name, help, type }: { name: string; help: string; type: string }) =>
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    const groups = this.#labels.groups(this.#listener.connectors);
    for (const metric of CONNECTOR_METRICS) {
      head(metric);
      for (const [label, connectors] of groups) {
        const extra = label === OTHER ? this.#labels.left.get(metric) : undefined;
        for (const [value, figure] of together(metric, connectors, extra)) {
          const more = metric.label ? `,${metric.label}="${escaped(value)}"` : '';
          lines.push(`${metric.name}{connector="${escaped(label)}"${more}} ${number(figure)}`);
        }
      }
    }
    for (const metric of LISTENER_METRICS) {
      head(metric);
      lines.push(`${metric.name} ${number(metric.of(this.#listener))}`);
    }
    head(BUILD_INFO);
    lines.push(`${BUILD_INFO.name}{${BUILD_INFO.label}="${escaped(this.#version)}"} 1`);
    return `${lines.join('\n')}\n`;
  }
}

type Figures = Map<string, number>;

/** Which connector is shown under which label. */
class Labels {
  /** What connectors of `other` that are gone have counted. */
  readonly left = new Map<ConnectorMetric, Figures>();
  readonly #most: number;
  readonly #own = new Set<LiveConnector>();
  readonly #others = new Set<LiveConnector>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The connectors by label: two of the same name, one of which is ending, are together. */
  groups(connectors: readonly LiveConnector[]): Map<string, LiveConnector[]> {
    this.#forgetGone(new Set(connectors));
    const groups = new Map<string, LiveConnector[]>();
    for (const live of connectors) {
      if (!this.#own.has(live) && !this.#others.has(live)) this.#place(live);
      const label = this.#own.has(live) ? printable(live.now.Name) : OTHER;
      const group = groups.get(label);
      if (group) group.push(live);
      else groups.set(label, [live]);
    }
    if (this.left.size > 0 && !groups.has(OTHER)) groups.set(OTHER, []);
    return groups;
  }

  #place(live: LiveConnector): void {
    if (this.#own.size < this.#most) this.#own.add(live);
    else this.#others.add(live);
  }

  #forgetGone(present: ReadonlySet<LiveConnector>): void {
    for (const live of this.#own) if (!present.has(live)) this.#own.delete(live);
    for (const live of this.#others) {
      if (present.has(live)) continue;
      this.#others.delete(live);
      for (const metric of CONNECTOR_METRICS)
        if (metric.type === 'counter') this.left.set(metric, together(metric, [live], this.left.get(metric)));
    }
  }
}

/** The figures of several connectors as one, by the value of the metric's label. */
function together(metric: ConnectorMetric, connectors: readonly LiveConnector[], more?: Figures): Figures {
  const figures: Figures = new Map(more);
  if (connectors.length === 0 && !more && metric.type === 'gauge') figures.set('', 0);
  for (const live of connectors) {
    const own = metric.of(live);
    for (const [value, figure] of typeof own === 'number' ? [['', own] as const] : Object.entries(own)) {
      const known = figures.get(value) ?? 0;
      figures.set(value, metric.together === 'largest' ? Math.max(known, figure) : known + figure);
    }
  }
  return figures;
}

/** What every Node process tells of itself: memory, CPU, file descriptors, the event loop. */
async function processMetrics(): Promise<() => Promise<string>> {
  const { collectDefaultMetrics, Registry } = await import('prom-client');
  const register = new Registry();
  // The event loop's delay is measured by a timer; ten times a second cost next to nothing.
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: 100 });
  // Gauges that are named as if they were counters, which promtool finds wrong; the ones by type say the same.
  for (const name of ['handles', 'requests', 'resources']) register.removeSingleMetric(`nodejs_active_${name}_total`);
  return () => register.metrics();
}

/** As the text format wants label values (Prometheus, exposition formats). */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function number(figure: number): string {
  return figure === Number.POSITIVE_INFINITY ? '+Inf' : String(figure);
}
