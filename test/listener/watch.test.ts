/** The store changes under a running listener in every way a file can: what is good is applied, what is not is told. */
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort, until, World } from './harness.ts';

let world: World;
let port: number;
const limit = () => Number(world.listener.connectors[0]!.now.MaxInboundConnectionPerSource);
const hasLimit = (n: number) => until(() => limit() === n);
const stored = () => JSON.parse(readFileSync(world.home.store, 'utf8'));
const withLimit = (n: number, change: object = {}) => {
  const document = { ...stored(), ...change };
  document.connectors[0].MaxInboundConnectionPerSource = n;
  return `${JSON.stringify(document, null, 2)}\n`;
};

beforeEach(async () => {
  world = new World();
  port = await freePort();
  world.define({ A: { Bindings: [`127.0.0.1:${port}`], MaxInboundConnectionPerSource: 10 } });
});
afterEach(() => world.end());

describe.each([
  ['with notifications', { pollMs: 1_000_000 }],
  ['by polling alone, when notifications are lost', { notifications: false, pollMs: 5 }],
])('%s', (_name, options) => {
  test('a commit, a hand edit in place, a rename over, another layout, a BOM and CRLF', async () => {
    await world.listen(options);
    world.set('A', { MaxInboundConnectionPerSource: 11 });
    await hasLimit(11);
    writeFileSync(world.home.store, withLimit(12)); // same generation
    await hasLimit(12);
    writeFileSync(`${world.home.store}.new`, withLimit(13));
    renameSync(`${world.home.store}.new`, world.home.store);
    await hasLimit(13);
    writeFileSync(world.home.store, JSON.stringify(JSON.parse(withLimit(14))));
    await hasLimit(14);
    writeFileSync(world.home.store, `\ufeff${withLimit(15).replaceAll('\n', '\r\n')}`);
    await hasLimit(15);
    writeFileSync(
      world.home.store,
      JSON.stringify(JSON.parse(readFileSync(world.home.store, 'utf8').slice(1)), null, '\t'),
    );
    writeFileSync(world.home.store, withLimit(16));
    await hasLimit(16);
    expect(world.events.of(17004)).toEqual([]);
    expect((await world.open(port)).lines[0]).toBe('220 A 127.0.0.1');
  });

  test('an editor that truncates and writes in pieces is waited for', async () => {
    await world.listen(options);
    const text = withLimit(21);
    const file = openSync(world.home.store, 'r+');
    ftruncateSync(file, 0);
    for (let at = 0; at < text.length; at += 150) {
      writeSync(file, text.slice(at, at + 150));
      await new Promise((resolve) => setTimeout(resolve, 5)); // the editor's slowness
    }
    closeSync(file);
    await hasLimit(21);
    expect(world.events.of(17004)).toEqual([]);
  });

  test('a store.json that is a symbolic link: changes at its target, and another target, are seen', async () => {
    const elsewhere = (name: string) => join(world.home.folder, name, 'real.json');
    for (const name of ['one', 'two']) mkdirSync(dirname(elsewhere(name)));
    renameSync(world.home.store, elsewhere('one'));
    symlinkSync(elsewhere('one'), world.home.store);
    await world.listen({ ...options, pollMs: 5 });
    world.set('A', { MaxInboundConnectionPerSource: 31 });
    await hasLimit(31);
    expect(JSON.parse(readFileSync(elsewhere('one'), 'utf8')).connectors[0].MaxInboundConnectionPerSource).toBe(31);
    writeFileSync(elsewhere('two'), withLimit(32));
    unlinkSync(world.home.store);
    symlinkSync(elsewhere('two'), world.home.store);
    await hasLimit(32);
    writeFileSync(elsewhere('two'), withLimit(33));
    await hasLimit(33);
  });
});

describe('what cannot be applied keeps the last good settings', () => {
  const reasons = () => world.events.messages(17004);
  /** In one step: a file that is seen while it is empty would be a reason of its own. */
  const replaceStore = (text: string) => {
    writeFileSync(`${world.home.store}.new`, text);
    renameSync(`${world.home.store}.new`, world.home.store);
  };

  test.each<[string, () => string, RegExp]>([
    ['not JSON', () => '{ "schemaVersion": 1,\n oops', /not valid JSON: .*store\.json, line 2/],
    ['cut short', () => withLimit(40).slice(0, -20), /not valid JSON/],
    ['empty', () => '', /not valid JSON/],
    ['no document', () => '[]', /it is not an object/],
    ['a newer version', () => withLimit(40, { schemaVersion: 99 }), /version 99/],
    [
      'a value out of range',
      () => withLimit(0),
      /line 18, column 40: connectors\[0\] "A" MaxInboundConnectionPerSource: "0" is out of range/,
    ],
    [
      'an unknown setting',
      () => withLimit(40).replace('"MaxInb', '"MaxImb'),
      /did you mean MaxInboundConnectionPerSource/,
    ],
    [
      'a rule between settings',
      () => withLimit(40).replace('"Bindings"', '"RequireTLS": true, "AuthMechanism": "None", "Bindings"'),
      /needs Tls/,
    ],
    [
      'the same connector twice',
      () => withLimit(40, { connectors: [...stored().connectors, ...stored().connectors] }),
      /already taken/,
    ],
    [
      'two connectors with one Guid',
      () =>
        withLimit(40, {
          connectors: [...stored().connectors, { ...stored().connectors[0], Name: 'B', Bindings: ['127.0.0.1:1'] }],
        }),
      /"A" and "B" have the same Guid/,
    ],
    [
      'a bad front end',
      () => withLimit(40, { transport: { ProxyProtocolTrustedSources: ['10.0.0.300'] } }),
      /10\.0\.0\.300/,
    ],
  ])('%s', async (_name, text, reason) => {
    const good = readFileSync(world.home.store, 'utf8');
    await world.listen();
    const session = await world.open(port);
    replaceStore(text());
    await until(() => world.listener.state.problem !== '');
    expect(world.listener.state.problem).toMatch(reason);
    expect(reasons()).toHaveLength(1);
    expect(reasons()[0]).toMatch(
      /^The store was changed to something that cannot be applied; the last good settings stay\. /,
    );
    expect(reasons()[0]).not.toContain('\n');
    expect(limit()).toBe(10);
    expect(await session.say('NOOP')).toBe('250 NOOP');
    expect((await world.open(port)).lines[0]).toMatch(/^220/);

    world.listener.hint(); // looked at again: told no second time
    await world.listener.settled();
    expect(reasons()).toHaveLength(1);

    replaceStore(good);
    await until(() => world.listener.state.problem === '');
    expect(world.events.of(17005)).toHaveLength(1);
    world.set('A', { MaxInboundConnectionPerSource: 41 });
    await hasLimit(41);
  });

  test('the file is gone, and comes back', async () => {
    const good = readFileSync(world.home.store, 'utf8');
    await world.listen();
    unlinkSync(world.home.store);
    await until(() => world.listener.state.problem.includes('is gone'));
    expect((await world.open(port)).lines[0]).toMatch(/^220/);
    writeFileSync(world.home.store, good.replace(': 10', ': 51'));
    await hasLimit(51);
    expect(reasons()).toHaveLength(1);
  });

  test('two different mistakes are told twice, and escape what they quote', async () => {
    await world.listen();
    replaceStore(withLimit(40).replace('"A"', '"A\\u001b[31m"'));
    await until(() => reasons().length === 1);
    appendFileSync(world.home.store, '}');
    await until(() => reasons().length === 2);
    expect(world.listener.state.problem).not.toContain('\x1b');
  });
});

test('changes in quick succession: the last one acts', async () => {
  await world.listen();
  for (let n = 1; n <= 40; n++) world.set('A', { MaxInboundConnectionPerSource: 100 + n });
  await hasLimit(140);
  expect(world.listener.state.applied).toBe(stored().generation);
});
