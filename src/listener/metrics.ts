/** Counters for Prometheus, read from the running listener when somebody asks. Loaded at the first question only. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Listener } from './listener.ts';

/** @returns a function that gives all metrics in Prometheus' text format */
export function openMetrics(listener: Listener): () => Promise<string> {
  const registers = [new Registry()];
  const registry = registers[0]!;
  collectDefaultMetrics({ register: registry });
  const labelNames = ['connector'] as const;
  const open = new Gauge({ name: 'rc_connections', help: 'Connections that are open now.', labelNames, registers });
  const limit = new Gauge({ name: 'rc_connections_limit', help: 'MaxInboundConnection.', labelNames, registers });
  const sources = new Gauge({ name: 'rc_sources', help: 'Source addresses with a connection.', labelNames, registers });
  const busiest = new Gauge({
    name: 'rc_source_connections_max',
    help: 'Connections of the busiest source.',
    labelNames,
    registers,
  });
  const accepted = new Counter({
    name: 'rc_connections_accepted_total',
    help: 'Connections let in.',
    labelNames,
    registers,
  });
  const refused = new Counter({
    name: 'rc_connections_refused_total',
    help: 'Connections refused, by the limit that was reached; none: no connector took them.',
    labelNames: ['connector', 'limit'],
    registers,
  });
  const generation = new Gauge({ name: 'rc_store_generation', help: 'Generation of the store in force.', registers });
  const broken = new Gauge({ name: 'rc_store_refused', help: '1 while the store cannot be applied.', registers });
  const unbound = new Gauge({ name: 'rc_bindings_failed', help: 'Bindings that cannot be listened on.', registers });

  return async () => {
    for (const metric of [open, limit, sources, busiest, accepted, refused]) metric.reset();
    for (const slot of listener.slots) {
      const connector = slot.now.Name;
      open.set({ connector }, slot.open);
      limit.set({ connector }, Number(slot.now.MaxInboundConnection));
      sources.set({ connector }, slot.sources.size);
      busiest.set({ connector }, largest(slot.sources.values()));
      accepted.inc({ connector }, slot.accepted);
      for (const [kind, count] of Object.entries(slot.refused)) refused.inc({ connector, limit: kind }, count);
    }
    refused.inc({ connector: '', limit: 'none' }, listener.gate.unmatched);
    generation.set(listener.state.applied);
    broken.set(listener.state.problem ? 1 : 0);
    unbound.set(listener.sockets.failed.length);
    return registry.metrics();
  };
}

function largest(counts: Iterable<number>): number {
  let most = 0;
  for (const count of counts) if (count > most) most = count;
  return most;
}
