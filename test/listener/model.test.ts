/**
 * Any sequence of configurations: after each, what listens and who greets is what the last configuration says, whatever was
 * before it; and a session that its connector's changes do not end is still there.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainSelection } from '../../src/domain/selection.ts';
import type { SettingName } from '../../src/domain/settings.ts';
import { Draft } from '../../src/store/draft.ts';
import { Client, freePort, ME, until, World } from './harness.ts';

interface Wish {
  readonly enabled: boolean;
  readonly bindings: readonly number[];
  readonly range: number;
}

const ADDRESSES = ['127.0.0.1', '127.0.0.2', '0.0.0.0', '[::1]', '[::]'];
const RANGES = [['0.0.0.0/0', '::/0'], ['127.0.0.0/8', '::/64'], ['127.0.0.0/30'], ['127.0.0.2']];
const NAMES = ['A', 'B', 'C'];

const wish = fc.option(
  fc.record<Wish>({
    enabled: fc.boolean(),
    bindings: fc.uniqueArray(fc.nat(ADDRESSES.length * 2 - 1), { minLength: 1, maxLength: 3 }),
    range: fc.nat(RANGES.length - 1),
  }),
  { freq: 4 },
);

test('what runs follows from the last configuration alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(wish, wish, wish), { minLength: 2, maxLength: 5 }), async (steps) => {
      const world = new World();
      try {
        const ports = [await freePort('0.0.0.0'), await freePort('0.0.0.0')];
        const bindings = ports.flatMap((port) => ADDRESSES.map((address) => `${address}:${port}`));
        world.define({ Keeper: { Bindings: [`127.0.0.1:${await freePort()}`] } });
        await world.listen({ retryMs: 5 });
        for (const step of steps) {
          const generation = configure(world, step, bindings);
          if (generation === undefined) continue; // it clashes; rc would have said so
          await world.applied(generation);
          await until(() => world.listener.sockets.failed.length === 0);
          await check(world, ports);
        }
      } finally {
        await world.end();
      }
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

function configure(world: World, step: readonly (Wish | null)[], bindings: readonly string[]): number | undefined {
  const transaction = world.store.begin();
  try {
    transaction.change((draft) => {
      for (const [n, wanted] of step.entries()) {
        const Guid = `00000000-0000-4000-8000-00000000000${n}`;
        const at = '2025-01-01T00:00:00Z';
        if (!wanted) draft.removeConnector(Guid);
        else {
          const settings: Partial<Record<SettingName, unknown>> = {
            Bindings: wanted.bindings.map((b) => bindings[b]!),
            RemoteIPRanges: RANGES[wanted.range]!,
            ...(wanted.enabled ? {} : { Enabled: false }),
          };
          draft.putConnector({ Name: NAMES[n]!, Guid, WhenCreated: at, WhenChanged: at, ...settings });
        }
      }
      if (draft.violations().length) throw new Error('clash');
    });
  } catch {
    return undefined;
  }
  return transaction.hasChanges ? transaction.commit(ME).generation : undefined;
}

async function check(world: World, ports: readonly number[]): Promise<void> {
  const document = world.store.read();
  const draft = new Draft(document);
  const connectors = document.connectors.map((stored) => draft.connector(stored));
  for (const port of ports) {
    for (const host of ['127.0.0.1', '127.0.0.2', '::1']) {
      for (const localAddress of host === '::1' ? ['::1'] : ['127.0.0.1', '127.0.0.2', '127.0.0.9']) {
        const client = await Client.open(port, { host, localAddress });
        const chosen = explainSelection(connectors, { address: host, port }, localAddress).connector?.Name;
        const listened = connectors.some(
          (c) =>
            c.Enabled &&
            c.Bindings.some((b) => b.port === port && [host, host === '::1' ? '::' : '0.0.0.0'].includes(b.address)),
        );
        const expected = chosen
          ? `220 ${chosen} ${localAddress}`
          : listened
            ? '421 4.3.2 Service not available'
            : 'closed ECONNREFUSED';
        const got = await client.line(0);
        expect(got === 'closed ' ? `closed ${client.error}` : got, `${localAddress} to ${host}:${port}`).toBe(expected);
        await client.end();
      }
    }
  }
}
