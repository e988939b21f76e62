/** One server's status on a terminal, and those of a fleet one below the other. */
import { expect, test } from 'vitest';
import { PsObject } from '../../src/pipeline/value.ts';
import { StatusTeller } from '../../src/print/status-view.ts';

const status = (properties: object) =>
  new PsObject('ListenerStatus', {
    State: 'Running',
    Server: 'EX01',
    Home: '/home/ex01',
    Pid: 7,
    Generation: 3,
    GenerationWanted: 3,
    Connections: 2,
    ...properties,
  });

function told(teller: StatusTeller, object: PsObject): string[] {
  return teller
    .tell(object)
    .map(({ text }) => text)
    .filter(Boolean);
}

test('a server alone is told without its name, servers of a fleet with it, and their fleet once', () => {
  expect(told(new StatusTeller(), status({}))).toEqual([
    'Running (process 7), generation 3, 2 open',
    'home /home/ex01',
  ]);
  const teller = new StatusTeller();
  const Fleet = 'default at redis://10.0.0.5:6379, 2 listener(s)';
  expect(told(teller, status({ Fleet }))).toEqual([
    'EX01: Running (process 7), generation 3, 2 open',
    'home /home/ex01',
    `fleet ${Fleet}`,
  ]);
  expect(told(teller, status({ Fleet, Server: 'EX02', Home: '/home/ex02' }))).toEqual([
    'EX02: Running (process 7), generation 3, 2 open',
    'home /home/ex02',
  ]);
});
