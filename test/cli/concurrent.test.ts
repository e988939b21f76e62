/** Many commands at once: none loses what another did. Real processes, one store. */
import { describe, expect, test } from 'vitest';
import { rc } from '../support/rc.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';

const names = (n: number) => Array.from({ length: n }, (_, i) => `C${i + 1}`);

function homeOf(n: number): string {
  const home = tempFolder();
  writeStore(
    home,
    names(n).map((Name, i) => ({ Name, Bindings: [`127.0.0.1:${3000 + i}`] })),
  );
  return home;
}

describe('at once', { timeout: 300_000 }, () => {
  test('50 rc set on different connectors: all 50 changes are there, one generation each', async () => {
    const home = homeOf(50);
    const runs = await Promise.all(
      names(50).map((name, i) => rc(['set', name, '--max-hop-count', String(i + 100)], { home })),
    );
    expect(runs.filter((run) => run.code !== 0 || run.stderr)).toEqual([]);
    const store = storeIn(home);
    expect(store.connectors.map((c) => c.MaxHopCount)).toEqual(names(50).map((_, i) => i + 100));
    expect(store.generation).toBe(51);
  });

  test('rc set on one connector: every setting that somebody changed is there', async () => {
    const home = homeOf(1);
    const changes = [
      ['--max-hop-count', '70'],
      ['--comment', 'here'],
      ['--banner', '220 hello'],
      ['--add-remote-ip-ranges', '10.0.0.1'],
      ['--max-logon-failures', '9'],
      ['--require-ehlo-domain', 'true'],
      ['--add-permission-groups', 'Partners'],
      ['--add-permission-groups', 'AnonymousUsers'],
    ];
    const runs = await Promise.all(changes.map((change) => rc(['set', 'C1', ...change], { home })));
    expect(runs.map((run) => run.code)).toEqual(changes.map(() => 0));
    expect(storeIn(home).connectors[0]).toMatchObject({
      MaxHopCount: 70,
      Comment: 'here',
      Banner: '220 hello',
      MaxLogonFailures: 9,
      RequireEHLODomain: true,
      PermissionGroups: 'AnonymousUsers, Partners',
    });
    expect(storeIn(home).connectors[0]!.RemoteIPRanges).toContain('10.0.0.1');
  });

  test('of two that cannot both be, exactly one wins', async () => {
    const home = homeOf(2);
    const runs = await Promise.all(
      ['A', 'B', 'C', 'D'].map((name) =>
        rc(['new', name, '--bindings', '127.0.0.1:4000', '--remote-ip-ranges', '10.0.0.1', '--select', 'Name'], {
          home,
        }),
      ),
    );
    expect(runs.map((run) => run.code).sort()).toEqual([0, 1, 1, 1]);
    for (const run of runs.filter((r) => r.code === 1))
      expect(run.stderr).toMatch(/both listen on 127\.0\.0\.1:4000 with the same remote range 10\.0\.0\.1/);
    expect(storeIn(home).connectors).toHaveLength(3);
  });

  test('first use by many at once makes one store', async () => {
    const home = tempFolder();
    const runs = await Promise.all(Array.from({ length: 8 }, () => rc(['get', '--select', 'Guid'], { home })));
    expect(new Set(runs.map((run) => run.stdout)).size).toBe(1);
    expect(runs.every((run) => run.code === 0)).toBe(true);
  });
});
