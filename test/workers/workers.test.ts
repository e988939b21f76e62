/** Workers that are none: what cannot start, and what ends at once. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Gate } from '../../src/listener/admission/gate.ts';
import { LocalAuthority } from '../../src/listener/admission/local-authority.ts';
import { EventThrottle } from '../../src/listener/records/event-throttle.ts';
import { Logons } from '../../src/listener/session/logon.ts';
import { NoWorkers, Workers } from '../../src/listener/workers/workers.ts';
import { homeAt } from '../../src/store/home.ts';
import { Events } from '../listener/harness.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

const server = {
  generation: 1,
  name: 'EX',
  fqdn: 'ex.contoso.com',
  acceptedDomains: [],
  users: [],
  transport: {},
};
const first = { server, all: [], changed: [], removed: [] };

/** Workers that run this code. */
function workersOf(code: string, size = 2, lookMs = 150) {
  const folder = tempFolder();
  const script = join(folder, 'worker.cjs');
  writeFileSync(script, code);
  const events = new Events();
  const home = homeAt(folder);
  const authority = new LocalAuthority();
  const gate = new Gate(authority);
  const lending = { gate, throttle: new EventThrottle(events), find: () => undefined, left: () => {} };
  const workers = new Workers({
    home,
    script,
    size,
    events,
    authority,
    logons: new Logons(),
    server: () => server,
    lending: () => lending,
    lookMs,
  });
  return { workers, events };
}

/** Says that it acts by every document, as long as `times` allows. */
const ACTS = `let edition = 0;
process.on('message', (m) => {
  if (m.kind === 'document') process.send({ applied: { edition: m.edition, generation: m.server.generation } });
  if (m.end) process.disconnect();
});`;

it('workers that end as they start: the listener does not start, and says why', async () => {
  const { workers } = workersOf('process.exit(3)');
  await expect(workers.follow(first)).rejects.toThrow(new NoWorkers('A worker ended as it started (exit code 3).'));
  await workers.close();
});

it('workers that never say anything as they start are killed', async () => {
  // Looks that follow one another faster than a process dies: told once all the same.
  const { workers, events } = workersOf('setInterval(() => {}, 1000)', 1, 1);
  await expect(workers.follow(first)).rejects.toThrow(NoWorkers);
  expect(events.of(17072)).toHaveLength(1);
  await workers.close();
});

it('a change is followed when all act by it, also when one ends instead', async () => {
  const { workers } = workersOf(`${ACTS}
    process.on('message', (m) => { if (m.kind === 'document' && m.edition === 2 && m.removed.includes('end')) process.exit(1); });`);
  await workers.follow(first);
  expect(workers.status.map(({ generation, sessions }) => [generation, sessions])).toEqual([
    [1, 0],
    [1, 0],
  ]);
  await workers.follow({ ...first, server: { ...server, generation: 2 }, removed: ['end'] });
  await until('both are replaced, and act by the newest', () =>
    workers.status.every(({ replaced, generation }) => replaced === 1 && generation === 2),
  );
  await workers.close();
});

it('two changes at once: both are followed, when all act by the newer one', async () => {
  const { workers } = workersOf(ACTS);
  const second = { ...first, server: { ...server, generation: 2 } };
  await Promise.all([workers.follow(first), workers.follow(second)]);
  await Promise.all([workers.follow(first), workers.follow(second)]);
  expect(workers.status.map(({ generation }) => generation)).toEqual([2, 2]);
  await workers.close();
});

it('two changes at once, and no worker can start: both are told', async () => {
  const { workers } = workersOf('process.exit(3)');
  const told = await Promise.allSettled([workers.follow(first), workers.follow(first)]);
  expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await workers.close();
});
