/** docs/monitoring.md and the Grafana dashboard say what is so: every metric, every label, every curl line. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listenerMetrics } from '../../src/control/listener-client.ts';
import { BUILD_INFO, CONNECTOR_METRICS, LISTENER_METRICS } from '../../src/listener/observe/metric-table.ts';
import { homeAt } from '../../src/store/home.ts';
import { RunningListener } from '../support/listener.ts';
import { bash, ROOT } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { Client, freePort } from './harness.ts';

const page = readFileSync(join(ROOT, 'docs/monitoring.md'), 'utf8');
const OURS = [
  ...CONNECTOR_METRICS.map((metric) => ({
    ...metric,
    labels: ['connector', metric.label].filter(Boolean) as string[],
  })),
  ...[...LISTENER_METRICS, BUILD_INFO].map((metric) => ({
    exchange: undefined,
    ...metric,
    labels: 'label' in metric && metric.label ? [metric.label] : [],
  })),
];

async function started() {
  const home = tempFolder();
  const port = await freePort();
  writeStore(home, [{ Name: 'Relay', Bindings: [`127.0.0.1:${port}`], RemoteIPRanges: ['127.0.0.0/8'] }]);
  return { home, port, listener: await RunningListener.start(home) };
}

test('the table of metrics is the one of the code', () => {
  const rows = [...page.matchAll(/^\| `((?:smtp|rc)_\w+)` +\| (.*?) +\| (.*?) *\| (.*?) *\|$/gm)].map((m) =>
    m.slice(1),
  );
  expect(rows).toEqual(OURS.map(({ name, labels, exchange, help }) => [name, labels.join(', '), exchange ?? '', help]));
});

test('no metric is named anywhere on the page that does not exist', () => {
  const known = new Set(OURS.map((metric) => metric.name));
  const named = [...page.matchAll(/\b(?:smtp_receive|rc_(?:store|bindings|build|connectors|fleet|workers))_?\w*/g)].map(
    (m) => m[0],
  );
  expect(named.filter((name) => !known.has(name))).toEqual([]);
  expect(named.length).toBeGreaterThan(OURS.length);
});

test.skipIf(!has('curl'))('every curl line works', async () => {
  const { home, port, listener } = await started();
  const client = await Client.open(port, { localAddress: '127.0.0.1' });
  const block = /```sh\n([\s\S]*?)```/.exec(page)![1]!;
  const lines = block.split('\n').filter(Boolean);
  expect(lines).toHaveLength(5);
  const find = `ID=$(curl -s --unix-socket "$RC_HOME/control.sock" http://localhost/sessions | grep -o '"id":"[^"]*' | cut -d'"' -f4)`;
  const answers: string[] = [];
  for (const line of lines) {
    const ran = await bash(`set -o pipefail; ${find}; ${line.replace(/^curl /, 'curl -f --max-time 10 ')}`, { home });
    // `head` ends the stream; curl says so with 23.
    expect([line, ran.code === 23 && line.includes('head') ? 0 : ran.code]).toEqual([line, 0]);
    answers.push(ran.stdout);
  }
  const [status, sources, live, metrics, ended] = answers as [string, string, string, string, string];
  expect(JSON.parse(status)).toMatchObject({ sessions: 1 });
  expect(JSON.parse(sources)).toMatchObject([{ address: '127.0.0.1', connections: 1 }]);
  const looks = live
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(looks).toMatchObject([{ status: { sessions: 1 } }, { status: { sessions: 1 } }]);
  expect(metrics).toContain('smtp_receive_connections_current{connector="Relay"} 1');
  expect(JSON.parse(ended)).toMatchObject({ now: false });
  await until('it has ended', () => client.closed);
  expect(client.lines.at(-1)).toBe('421 4.3.2 Service not available');
  await listener.stop();
});

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly {
    readonly expr: string;
    readonly refId: string;
    readonly legendFormat: string;
    readonly datasource: object;
  }[];
}

describe('the Grafana dashboard', () => {
  const dashboard = JSON.parse(readFileSync(join(ROOT, 'docs/grafana-dashboard.json'), 'utf8')) as {
    readonly schemaVersion: number;
    readonly panels: readonly Panel[];
    readonly templating: {
      readonly list: readonly { readonly name: string; readonly type: string; readonly definition?: string }[];
    };
  };
  const targets = dashboard.panels.flatMap((panel) => panel.targets ?? []);
  const queries = [...targets.map((t) => t.expr), ...dashboard.templating.list.flatMap((v) => v.definition ?? [])];

  test('asks only for metrics and labels that are served', async () => {
    const { home, listener } = await started();
    const stdout = (await listenerMetrics(homeAt(home)))!;
    await listener.stop();
    const served = new Set([...stdout.matchAll(/^# TYPE (\w+)/gm)].map((m) => m[1]!));
    const asked = new Set(queries.flatMap((query) => query.match(/\b(?:smtp_receive|rc|process|nodejs)_\w+/g) ?? []));
    expect([...asked].filter((name) => !served.has(name))).toEqual([]);
    // Nothing of a connector is left out.
    expect(
      CONNECTOR_METRICS.map((m) => m.name).filter(
        (name) => !asked.has(name) && name !== 'smtp_receive_sources_current',
      ),
    ).toEqual([]);
    const labels = new Map(OURS.map(({ name, labels }) => [name, new Set([...labels, 'job', 'instance'])]));
    for (const query of queries) {
      for (const [, name, matchers] of query.matchAll(/\b((?:smtp_receive|rc)_\w+)\{([^}]*)\}/g))
        for (const [, label] of matchers!.matchAll(/(\w+)=~/g)) expect(labels.get(name!), query).toContain(label);
      for (const [, by] of query.matchAll(/by \(([\w, ]+)\) \((?:rate\()?\w+/g)) {
        const name = /(?:smtp_receive|rc)_\w+/.exec(query)![0];
        for (const label of by!.split(', ')) expect(labels.get(name), query).toContain(label);
      }
      expect(query.match(/\(/g)?.length).toBe(query.match(/\)/g)?.length);
    }
    const variables = new Set(dashboard.templating.list.map((variable) => variable.name));
    for (const [, name] of JSON.stringify(dashboard).matchAll(/\$\{?(?!__)(\w+)/g)) expect(variables).toContain(name);
  });

  test('its panels have an id each, and do not lie on one another', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map((p) => p.id)).size).toBe(panels.length);
    for (const panel of panels)
      expect(new Set(panel.targets?.map((t) => t.refId)).size).toBe(panel.targets?.length ?? 0);
    const cells = new Map<string, string>();
    for (const {
      title,
      gridPos: { x, y, w, h },
    } of panels) {
      expect(x + w, title).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column++) {
        for (let line = y; line < y + h; line++) {
          expect(cells.get(`${column} ${line}`), title).toBeUndefined();
          cells.set(`${column} ${line}`, title);
        }
      }
    }
  });
});
