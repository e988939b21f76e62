/** What ends by itself, in a fleet: it begins and ends on all servers, once, whoever is there to end it, and no later change is lost. */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { fleetOf, hasEngine, type Member, TestEngine } from './scene.ts';

const STUCK = 17034;
const PATIENT = { timeout: 45_000, every: 100 };

describe.skipIf(!hasEngine)('what ends by itself, in a fleet of three', { timeout: 120_000 }, () => {
  let engine: TestEngine;
  let members: Member[];
  let [one, two, three]: Member[] = [];
  const open: Socket[] = [];

  beforeAll(async () => {
    engine = await TestEngine.start();
    members = await fleetOf(3, engine, { MaxInboundConnectionPerSource: 19 });
    [one, two, three] = members;
  });
  afterAll(async () => {
    for (const socket of open) socket.destroy();
    for (const member of members ?? []) await member.stop('SIGKILL');
    await engine?.stop();
  });

  interface Row {
    readonly generation: number;
    readonly command: string;
    readonly user: string;
    readonly changes: readonly { readonly settings: Record<string, unknown> }[];
  }
  const history = (member: Member) =>
    readFileSync(join(member.home, 'history.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
  const ends = (member: Member) => history(member).filter(({ command }) => command.startsWith('ended by itself'));

  /** A setting of `Relay`, by server, as one home has it. */
  const relays = (member: Member, setting: string): unknown[] =>
    members.map(
      ({ server }) => member.store.connectors.find((c) => (c.Server ?? member.server) === server)?.[setting as 'Name'],
    );
  const limits = (member: Member) => relays(member, 'MaxInboundConnectionPerSource').join(' ');
  const agreed = (...some: Member[]) => new Set(some.map(({ store }) => store.generation)).size === 1;
  const all = (what: string, ask: (member: Member) => boolean, some = members) =>
    until(what, () => some.every(ask) && agreed(...some), PATIENT);

  test('it acts on all, and ends on all in one change; who was away has it when it comes back; undo passes it over', async () => {
    await one!.rc('set', 'Relay', '--max-hop-count', '30');
    await one!.rc('set', '*\\Relay', '--max-inbound-per-source', '77', '--for', '1h', '--wait=40');
    for (const member of members) expect(limits(member)).toBe('77 77 77');
    await three!.stop();
    const before = ends(one!).length;
    await two!.rc('set', '*\\Relay', '--max-inbound-per-source', '78', '--for', '1s');
    await all('it ends', (member) => limits(member) === '19 19 19', [one!, two!]);
    await three!.serve();
    await all('EX03 has it too', (member) => limits(member) === '19 19 19');
    for (const member of members) {
      const rows = ends(member);
      expect(rows).toHaveLength(before + 1);
      expect(rows.at(-1)!.changes).toHaveLength(3);
      expect(rows.at(-1)!.command.match(/78 → 19/g)).toHaveLength(3);
      expect(rows.at(-1)!.user).toMatch(/@EX0[12]$/);
      expect(relays(member, 'Temporary')).toEqual([undefined, undefined, undefined]);
    }
    expect(new Set(members.map((member) => ends(member).at(-1)!.generation)).size).toBe(1);
    await two!.rc('undo', '--wait=40'); // not the end, nor what ended
    for (const member of members) {
      expect(limits(member)).toBe('19 19 19');
      expect(relays(member, 'MaxHopCount')).toEqual([undefined, undefined, undefined]);
    }
  });

  test('others extend it at the same moment, both; and keep it', async () => {
    const isOver = async (member: Member) => (await member.tried('temporary')).stdout.trim() === '';
    await one!.rc('set', 'Relay', '--max-inbound-per-source', '80', '--for', '1h', '--wait=40');
    const end = () => Date.parse(JSON.parse(JSON.stringify(relays(one!, 'Temporary')))[0][0].Until);
    const first = end();
    await Promise.all([two!, three!].map((member) => member.rc('extend', 'EX01\\Relay', '--for', '1h')));
    await all('both are done', () => end() === first + 2 * 3_600_000);
    await three!.stop();
    await two!.rc('keep', 'EX01\\Relay', '--wait=40');
    for (const command of [['extend', '--for', '1h'], ['keep']]) {
      const late = await three!.tried(command[0]!, 'EX01\\Relay', ...command.slice(1)); // it has not heard of it
      expect(late.code).toBe(1);
      expect(late.stderr).toMatch(/Nothing that 'EX01\\Relay' means is temporary now/);
    }
    await three!.serve();
    await all('EX03 has it', () => true);
    for (const member of members) {
      expect(await isOver(member)).toBe(true);
      expect(limits(member)).toBe('80 19 19');
    }
    await two!.rc('undo', '--wait=40'); // it is temporary again
    expect(await isOver(one!)).toBe(false);
    await two!.rc('set', 'EX01\\Relay', '--max-inbound-per-source', '19', '--wait=40');
    expect(await isOver(three!)).toBe(true);
  });

  test('a later change of another server stays, though the listener that should end it hung meanwhile', async () => {
    const before = ends(two!).length;
    await one!.rc('set', 'Relay', '--max-inbound-per-source', '90', '--for', '1h', '--wait=40');
    one!.listener!.child.kill('SIGSTOP');
    await two!.rc('set', 'EX01\\Relay', '--max-inbound-per-source', '91', '--for', '1s');
    await until('its time is over', () => {
      const [list] = relays(two!, 'Temporary') as unknown as [{ Until: string }[] | undefined];
      return !list?.some(({ Until }) => Date.parse(Until) > Date.now());
    });
    await two!.rc('set', 'EX01\\Relay', '--max-inbound-per-source', '50');
    one!.listener!.child.kill('SIGCONT');
    await all('EX01 follows', (member) => limits(member) === '50 19 19');
    await three!.rc('set', 'Relay', '--max-hop-count', '31', '--wait=40');
    for (const member of members) {
      expect(limits(member)).toBe('50 19 19');
      // The command ended what was due, and then did what it was told: two changes.
      const rows = history(member);
      const at = rows.findLastIndex(({ command }) => command.includes('91 → 19'));
      expect(rows[at + 1]!.command).toContain('50');
      expect(ends(member)).toHaveLength(before + 1);
    }
    await one!.rc('set', 'Relay', '--max-inbound-per-source', '19', '--wait=40');
  });

  test('the engine away at its time: it stays and is told, and ends once when the engine is back', async () => {
    const before = ends(two!).length;
    const told = one!.told(STUCK).length;
    await one!.rc('set', 'Relay', '--max-inbound-per-source', '60', '--for', '3s');
    engine.signal('SIGSTOP');
    await until('it is told', () => one!.told(STUCK).length > told || ends(one!).length > before, PATIENT);
    engine.signal('SIGCONT');
    await all('it ends', (member) => limits(member) === '19 19 19');
    for (const member of members) expect(ends(member)).toHaveLength(before + 1);
  });

  /** How many of so many connections from 127.0.0.1 are served; they stay open. */
  async function served(member: Member, n: number): Promise<number> {
    let count = 0;
    for (let i = 0; i < n; i++) {
      const socket = connect({ host: member.address, port: member.port, localAddress: '127.0.0.1' });
      open.push(socket);
      const line = await new Promise<string>((resolve, reject) => {
        socket.setEncoding('latin1').once('data', resolve).once('error', reject);
      });
      if (line.startsWith('220')) count++;
    }
    for (const socket of open.splice(0)) socket.destroy();
    await until('they are gone', async () => (await member.listener!.status())!.sessions === 0);
    return count;
  }

  test('overrides of one address: for good, another until a moment, and the first again; on all servers', async () => {
    const override = (member: Member) =>
      (relays(member, 'Overrides') as unknown as Record<string, unknown>[][]).map((list) => list?.[0]);
    await one!.rc('new-override', '*\\Relay', '127.0.0.1', '--max-inbound-per-source', '3', '--wait=40');
    for (const member of members) expect(await served(member, 5)).toBe(3);
    await two!.rc('new-override', '*\\Relay', '127.0.0.1', '--max-inbound-per-source', '1', '--for', '1h', '--wait=40');
    for (const member of members) expect(await served(member, 3)).toBe(1);
    await three!.rc('extend', '*\\Relay', '--setting', 'Overrides', '--for', '1h', '--wait=40');
    const before = ends(one!).length;
    await one!.rc('new-override', '*\\Relay', '127.0.0.1', '--max-inbound-per-source', '2', '--for', '1s');
    await all('it is what it was', (member) =>
      override(member).every((o) => o?.MaxInboundConnectionPerSource === 3 && !o.Until && !o.Before),
    );
    for (const member of members) {
      expect(ends(member)).toHaveLength(before + 1);
      expect(await served(member, 5)).toBe(3);
    }
    await two!.rc('remove-override', 'EX01\\Relay', '127.0.0.1', '--wait=40');
    expect(override(three!).map((o) => o !== undefined)).toEqual([false, true, true]);
    await two!.rc('undo', '--wait=40');
    expect(override(three!).map((o) => o !== undefined)).toEqual([true, true, true]);
  });
});
