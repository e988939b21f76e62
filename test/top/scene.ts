/** A listener as `rc top` sees it, made up: looks with connectors, sources and events, and frames of them as text. */

import type { ConnectorStatus, EventRecord, Snapshot, SourceDetail } from '../../src/control/listener-client.ts';
import { loadWidths } from '../../src/text/display-width.ts';
import { frame } from '../../src/top/frame.ts';
import { ASCII, type Glyphs, UNICODE } from '../../src/top/glyphs.ts';
import type { Situation } from '../../src/top/header.ts';
import type { Size } from '../../src/top/layout.ts';
import { type Painting, paint } from '../../src/top/line.ts';
import { initialState, type State } from '../../src/top/state.ts';
import { type Look, Trend } from '../../src/top/trend.ts';

export { ASCII, UNICODE };

export const START = Date.parse('2024-05-06T09:50:00Z');

export function connector(name: string, more: Partial<ConnectorStatus> = {}): ConnectorStatus {
  return {
    ...{ name, guid: `guid of ${name}`, enabled: true, removed: false, connections: 0, limit: 5000, accepted: 0 },
    ...{ refused: { connector: 0, source: 0, percentage: 0, rate: 0 }, sources: [], sourceCount: 0, ...more },
  };
}

export function source(address: string, connectorName: string, more: Partial<SourceDetail> = {}): SourceDetail {
  return {
    ...{ address, connector: connectorName, guid: `guid of ${connectorName}`, connections: 0, limit: 20 },
    ...{
      rule: 'MaxInboundConnectionPerSource',
      refused: { minute: 0, hour: 0 },
      because: [],
      failedLogons: { minute: 0, hour: 0 },
      lastRefused: '',
      ...more,
    },
  };
}

export function event(seconds: number, id: number, message: string, more: Partial<EventRecord> = {}): EventRecord {
  return { time: new Date(START + seconds * 1000).toISOString(), id, level: 'Information', message, ...more };
}

export interface SnapshotParts {
  readonly connectors?: readonly ConnectorStatus[];
  readonly sources?: readonly SourceDetail[];
  readonly events?: readonly EventRecord[];
  readonly status?: Partial<Snapshot['status']>;
}

/** @param seconds after START */
export function snapshot(seconds: number, parts: SnapshotParts = {}): Snapshot {
  const connectors = parts.connectors ?? [];
  return {
    at: new Date(START + seconds * 1000).toISOString(),
    status: {
      ...{ pid: 4711, version: '0.1.0', home: '/srv/rc', startedAt: new Date(START - 273_127_000).toISOString() },
      ...{ bound: [], failed: [], generation: { applied: 17, seen: 17 }, appliedAt: '', lastError: '', unmatched: 0 },
      sessions: connectors.reduce((sum, c) => sum + c.connections, 0),
      connectors,
      ...parts.status,
    },
    sources: parts.sources ?? [],
    events: parts.events ?? [],
  };
}

const MESSAGE =
  "Receive connector 'Default Frontend EX' rejected an incoming connection from IP address '192.0.2.77'. The maximum number of connections per source ('20') for this connector has been reached by this source IP address.";

/** An afternoon: one source at its limit and refused again and again, others near theirs, one connector off. */
export function busy(seconds: number): Snapshot {
  const n = Math.max(0, seconds);
  const wave = Math.round(500 * n + 480 * 9 * (1 - Math.cos(n / 9))); // refusals so far: 20 to 980 a second
  return snapshot(seconds, {
    connectors: [
      connector('Default Frontend EX', {
        connections: 1204,
        accepted: 98_000 + 132 * n,
        refused: { connector: 0, source: 12_000 + wave, percentage: 12, rate: 0 },
        sources: [{ address: '192.0.2.77', connections: 20, limit: 20 }],
        sourceCount: 311,
      }),
      connector('Client Frontend EX', { connections: 88, limit: 100, accepted: 4000 + 3 * n, sourceCount: 80 }),
      connector('Relay for scanners', { connections: 4, limit: null, accepted: 700, sourceCount: 2 }),
      connector('Old partner', { enabled: false, limit: 100 }),
    ],
    sources: [
      source('192.0.2.77', 'Default Frontend EX', {
        connections: 20,
        refused: { minute: 29_412, hour: 61_002 },
        lastRefused: new Date(START + seconds * 1000).toISOString(),
      }),
      source('198.51.100.9', 'Client Frontend EX', { connections: 17 }),
      source('2001:db8:12:34::56', 'Default Frontend EX', {
        connections: 9,
        limit: 98,
        rule: 'MaxInboundConnectionPercentagePerSource',
      }),
      source('10.0.0.10', 'Relay for scanners', { connections: 3, limit: null, rule: '' }),
      source('10.0.0.9', 'Relay for scanners', { connections: 1, limit: null, rule: '' }),
      source('203.0.113.200', '', { guid: '', limit: null, rule: '', refused: { minute: 2, hour: 7 } }),
    ],
    events:
      seconds < 0
        ? [
            event(-3600, 17000, 'Listener 0.1.0 started, process 4711, home /srv/rc.'),
            event(-3599, 17010, 'Listening on 0.0.0.0:25 for Default Frontend EX, Relay for scanners.'),
            event(-60, 17003, 'Generation 17 of the store applied: 4 connector(s), 3 ms.'),
          ]
        : n % 30 === 0
          ? [
              event(seconds, 1021, MESSAGE, {
                level: 'Warning',
                data: { connector: 'Default Frontend EX', address: '192.0.2.77', limit: 20 },
              }),
            ]
          : [],
    status: {
      unmatched: 7,
      bound: [
        { binding: '0.0.0.0:25', connectors: ['Default Frontend EX', 'Relay for scanners'], servedBy: '0.0.0.0:25' },
        { binding: '0.0.0.0:587', connectors: ['Client Frontend EX'], servedBy: '0.0.0.0:587' },
      ],
    },
  });
}

/** Looks of this listener from one second to another, the last of them. */
export function looked(at: (seconds: number) => Snapshot, from: number, to: number): Look {
  const trend = new Trend();
  let look = trend.observe(at(from), true);
  for (let seconds = from + 1; seconds <= to; seconds++) look = trend.observe(at(seconds), false);
  return look;
}

export function sceneOf(look: Look | undefined, more: Partial<Situation> = {}): Situation {
  return {
    server: 'EX',
    home: '/srv/rc',
    everyMs: 1000,
    shown: look && { look, sessions: undefined },
    ...more,
  };
}

export interface Drawn {
  readonly state?: State;
  readonly glyphs?: Glyphs;
  readonly how?: Painting;
}

/** The screen as text, lines with all their blanks. */
export async function screen(
  scene: Situation,
  size: Size,
  { state, glyphs = UNICODE, how = 'text' }: Drawn = {},
): Promise<string[]> {
  await loadWidths(['漢']);
  return frame(state ?? initialState(), scene, size, glyphs).lines.map((line) => paint(line, how));
}
