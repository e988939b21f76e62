/** A home of a fleet in which no listener runs: who looks at it sees what the fleet has; where that cannot be asked it is said. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasEngine, Member, TestEngine } from './scene.ts';

describe.skipIf(!hasEngine)('a home that only administrates', () => {
  let engine: TestEngine;
  let [one, two]: Member[] = [];

  beforeAll(async () => {
    engine = await TestEngine.start();
    [one, two] = [await Member.make('EX01', 1), await Member.make('EX02', 2)];
    for (const member of [one, two]) await member.join(engine);
  });
  afterAll(() => engine?.stop());

  const limit = async (...args: string[]) => {
    const { stdout, stderr } = await one!.tried(...args);
    return { limit: JSON.parse(stdout || '{}').MaxHopCount, stderr };
  };
  /** The same where the engine answers, which on a busy machine it may not do in time. */
  const asked = async (...args: string[]) => {
    let seen = await limit(...args);
    for (let tries = 0; tries < 10 && seen.stderr.includes('has not answered within'); tries++)
      seen = await limit(...args);
    return seen;
  };

  test('sees and means what others have, in a command and in a script', async () => {
    await two!.rc('set', 'EX02\\Relay', '--max-hop-count', '31');
    expect(await asked('get', 'EX02\\Relay')).toEqual({ limit: 31, stderr: '' });
    expect(one!.store.generation).toBe(two!.store.generation);
    await two!.rc('set', 'EX02\\Relay', '--max-hop-count', '32', '--name', 'Out');
    expect(await asked('-c', 'Get-ReceiveConnector EX02\\Out')).toEqual({ limit: 32, stderr: '' });
    await two!.rc('set', 'EX02\\Out', '--name', 'Relay');
    await one!.rc('set', 'EX02\\Relay', '--max-hop-count', '33'); // by a name that this home has not heard of
    expect((await one!.rc('history', '--first', '3')).stdout.match(/EX02/g)).not.toBeNull();
  });

  test('an edit by hand is no change of the fleet because somebody looks', async () => {
    const path = join(one!.home, 'store.json');
    const edited = structuredClone(one!.store);
    Object.assign(edited.connectors.find((c) => !c.Server)!, { Comment: 'by hand' });
    writeFileSync(path, `${JSON.stringify(edited, null, 2)}\n`);
    expect(await asked('get', 'EX02\\Relay')).toEqual({ limit: 33, stderr: '' });
    await two!.rc('set', 'EX02\\Relay', '--max-hop-count', '34');
    const seen = await asked('get', 'EX02\\Relay');
    expect(seen).toMatchObject({ limit: 33, stderr: expect.stringMatching(/edited by hand here, and others/) });
    expect((await two!.rc('get', 'EX01\\Relay')).stdout).not.toContain('by hand');
    await one!.rc('set', 'EX01\\Relay', '--max-hop-count', '20');
    expect(await asked('get', 'EX02\\Relay')).toEqual({ limit: 34, stderr: '' });
    expect((await two!.rc('get', 'EX01\\Relay')).stdout).toContain('by hand');
  });

  test('the engine that does not answer, or is gone: what it has is shown, and since when', async () => {
    engine.signal('SIGSTOP');
    const silent = await limit('get', 'EX02\\Relay');
    engine.signal('SIGCONT');
    const told =
      /^WARNING: This is what this home has had since 20\S+Z \(generation \d+\); the fleet may have newer settings\. No listener runs here that follows it, and: /;
    expect(silent).toEqual({ limit: 34, stderr: expect.stringMatching(told) });
    expect(silent.stderr).toContain(`The engine ${engine.url} has not answered within 2 s.`);
    await engine.stop();
    const gone = await limit('get', 'EX02\\Relay');
    expect(gone).toEqual({ limit: 34, stderr: expect.stringMatching(told) });
    expect(gone.stderr).toMatch(/cannot be asked \(.*ECONNREFUSED/);
    const script = await one!.rc('-c', 'Get-ReceiveConnector EX02\\Relay; Get-ReceiveConnector EX01\\Relay');
    expect(script.stderr.match(/may have newer settings/g)).toHaveLength(1); // once, not for each statement
    await engine.start(); // an empty one
    expect((await asked('get', 'EX02\\Relay')).stderr).toMatch(/has no fleet "default" any more.*rc join-fleet redis/);
    expect((await one!.tried('get-fleet')).stderr).toBe(''); // tells it itself
  });
});
