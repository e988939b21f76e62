/** A store that cannot be read, while a listener runs: what is wrong, what goes on, and the way back. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../listener/harness.ts';
import { RunningListener } from '../support/listener.ts';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';

const home = tempFolder();
let listener: RunningListener;

beforeAll(async () => {
  writeStore(home, [{ Name: 'Relay', Bindings: [`127.0.0.1:${await freePort()}`] }]);
  await rc(['set', 'Relay', '--max-hop-count', '30'], { home });
  listener = await RunningListener.start(home);
});
afterAll(() => listener.stop());

const GOES_ON = /goes on with generation \d+, the last good one/;

test.each([
  ['no JSON', () => writeFileSync(join(home, 'store.json'), '{]'), 'is not valid JSON'],
  [
    'a setting that cannot be',
    () =>
      writeFileSync(join(home, 'store.json'), readFileSync(join(home, 'store.json'), 'utf8').replace(': 30', ': "x"')),
    'has settings that cannot be',
  ],
  ['it is gone', () => rmSync(join(home, 'store.json')), 'is gone'],
])('%s', async (_, breakIt, problem) => {
  breakIt();
  const lines = ['get', 'history', 'set Relay --comment x', 'undo'].map((line) => line.split(' '));
  for (const script of [
    'Get-ReceiveConnector',
    'try { Set-ReceiveConnector Relay -Comment x } finally { 1 }',
    '$x = Get-ConnectorHistory; 1',
  ])
    lines.push(['-c', script]);
  for (const line of lines) {
    const { code, stderr } = await rc(line, { home });
    expect({ code, stderr }, line.join(' ')).toMatchObject({ code: 1, stderr: expect.stringContaining(problem) });
    expect(stderr, line.join(' ')).toMatch(GOES_ON);
    expect(stderr, line.join(' ')).toContain('rc restore');
  }
  const { code, stdout, stderr } = await rc(['status'], { home });
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const [status] = stdout
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text));
  expect(status).toMatchObject({ Generation: expect.any(Number), Connectors: [{ Name: 'Relay' }] });
  expect(status.Findings.map(({ Problem }: { Problem: string }) => Problem)).toEqual([
    expect.stringContaining(problem),
    expect.stringMatching(GOES_ON),
  ]);
  const twice = await rc(['-c', 'Get-ReceiveConnector; Get-ConnectorHistory'], { home });
  expect(twice.stderr.match(/goes on with/g), 'said once').toHaveLength(1);
  const caught = await rc(['-c', 'try { Get-ReceiveConnector } catch { "caught" }'], { home });
  expect(caught).toEqual({ code: 0, signal: null, stdout: 'caught\n', stderr: '' });
  await rc(['restore'], { home });
  expect(await rc(['get'], { home })).toMatchObject({ code: 0, stderr: '' });
});
