/** The crew with processes that are no workers: what cannot start, and what ends at once. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Crew, NoWorkers } from '../../src/listener/workers/crew.ts';
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

/** A crew whose workers run this code. */
function crewOf(code: string, size = 2) {
  const folder = tempFolder();
  const script = join(folder, 'worker.cjs');
  writeFileSync(script, code);
  const events = new Events();
  const rates = { take: () => true };
  const home = homeAt(folder);
  const crew = new Crew({ home, script, size, events, rates, server: () => server, lookMs: 20 });
  return { crew, events };
}

/** Says that it acts by every document, as long as `times` allows. */
const ACTS = `let edition = 0;
process.on('message', (m) => {
  if (m.kind === 'document') process.send({ applied: { edition: m.edition, generation: m.server.generation } });
  if (m.end) process.disconnect();
});`;

it('workers that end as they start: the listener does not start, and says why', async () => {
  const { crew } = crewOf('process.exit(3)');
  await expect(crew.follow(first)).rejects.toThrow(new NoWorkers('A worker ended as it started (exit code 3).'));
  await crew.close();
});

it('workers that never say anything as they start are killed', async () => {
  const { crew, events } = crewOf('setInterval(() => {}, 1000)', 1);
  await expect(crew.follow(first)).rejects.toThrow(NoWorkers);
  expect(events.of(17072)).toHaveLength(1);
  await crew.close();
});

it('a change is followed when all act by it, also when one ends instead', async () => {
  const { crew } = crewOf(`${ACTS}
    process.on('message', (m) => { if (m.kind === 'document' && m.edition === 2 && m.removed.includes('end')) process.exit(1); });`);
  await crew.follow(first);
  expect(crew.status.map(({ generation, sessions }) => [generation, sessions])).toEqual([
    [1, 0],
    [1, 0],
  ]);
  await crew.follow({ ...first, server: { ...server, generation: 2 }, removed: ['end'] });
  await until('both are replaced, and act by the newest', () =>
    crew.status.every(({ replaced, generation }) => replaced === 1 && generation === 2),
  );
  await crew.close();
});

it('two changes at once: both are followed, when all act by the newer one', async () => {
  const { crew } = crewOf(ACTS);
  const second = { ...first, server: { ...server, generation: 2 } };
  await Promise.all([crew.follow(first), crew.follow(second)]);
  await Promise.all([crew.follow(first), crew.follow(second)]);
  expect(crew.status.map(({ generation }) => generation)).toEqual([2, 2]);
  await crew.close();
});

it('two changes at once, and no worker can start: both are told', async () => {
  const { crew } = crewOf('process.exit(3)');
  const told = await Promise.allSettled([crew.follow(first), crew.follow(first)]);
  expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await crew.close();
});
