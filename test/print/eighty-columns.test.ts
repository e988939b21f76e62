/** Tables on a terminal of 80 columns: long names get shorter where they would be cut, and nowhere else. */
import { expect, test } from 'vitest';
import { PsObject, type Value } from '../../src/pipeline/value.ts';
import { formatOutput } from '../../src/print/output.ts';

async function printed(objects: readonly Value[], options: { width: number; terminal: boolean }): Promise<string> {
  async function* stream() {
    yield* objects;
  }
  let text = '';
  for await (const piece of formatOutput(stream(), 'default', options)) text += piece;
  return text;
}

const CONNECTOR = new PsObject('Selected.ReceiveConnector', {
  Name: 'Default EX',
  MaxInboundConnection: 5000,
  MaxInboundConnectionPerSource: 20,
  MaxInboundConnectionPercentagePerSource: 2,
});
const SOURCE = new PsObject('ReceiveConnectorSource', {
  Connector: 'Default EX',
  Source: '10.1.2.3',
  Open: 20,
  Limit: 20,
  RefusedMinute: 3,
  RefusedHour: 311,
  Rule: 'MaxInboundConnectionPerSource',
  RefusedBy: ['MaxInboundConnectionPercentagePerSource', 'AcceptedDomain'],
});

test('the header of the first command stays on one line', async () => {
  expect(await printed([CONNECTOR], { width: 80, terminal: true })).toBe(`
Name       MaxInbound MaxInboundPerSource MaxInbound%PerSource
----       ---------- ------------------- --------------------
Default EX       5000                  20                    2

`);
});

test('what refused a source is told, not cut, and not the limit in force, which may have refused nobody', async () => {
  expect(await printed([SOURCE], { width: 80, terminal: true })).toBe(`
Connector  Source   Open Limit Ref/Min Ref/Hour RefusedBy
---------  ------   ---- ----- ------- -------- ---------
Default EX 10.1.2.3   20    20       3      311 {MaxInbound%PerSource, Accepted…

`);
});

test('connections of all servers have a column where they count together', async () => {
  const inFleet = (OpenInFleet: Value) =>
    new PsObject('ReceiveConnectorSource', {
      ...SOURCE.properties,
      Connector: 'EX01\\Default EX01',
      Source: '192.168.100.2',
      OpenInFleet,
    });
  expect(await printed([inFleet(31), inFleet(null)], { width: 80, terminal: true })).toBe(`
Connector         Source        Open InFleet Limit Ref/Min Ref/Hour RefusedBy
---------         ------        ---- ------- ----- ------- -------- ---------
EX01\\Default EX01 192.168.100.2   20      31    20       3      311 {MaxInbound…
EX01\\Default EX01 192.168.100.2   20            20       3      311 {MaxInbound…

`);
});

test('sentences fill the line, and a command in one stays whole', async () => {
  const event = new PsObject('ReceiveConnectorEvent', {
    Time: new Date('2024-05-06T10:00:00Z'),
    Id: 17024,
    Level: 'Warning',
    Message:
      "'10.1.2.3' sent a PROXY header. If it is a front end of yours: rc set-transport-service --add-proxy-protocol-trusted-sources 10.1.2.3",
  });
  expect((await printed([event], { width: 80, terminal: true })).split('\n').slice(1)).toEqual([
    '    front end of yours:',
    '    rc set-transport-service --add-proxy-protocol-trusted-sources 10.1.2.3',
    '',
  ]);
});

test('with room enough, and where no person looks, names stay whole', async () => {
  for (const options of [
    { width: 120, terminal: true },
    { width: 80, terminal: false },
  ])
    expect((await printed([SOURCE], options)).replaceAll('\n', '')).toContain('MaxInboundConnectionP');
  expect(await printed([CONNECTOR], { width: 120, terminal: true })).toContain(
    'MaxInboundConnectionPercentagePerSource',
  );
});

test('an event is told whole', async () => {
  const message = `Receive connector 'Default EX' rejected an incoming connection from IP address '10.1.2.3'. ${'It says more. '.repeat(5)}`;
  const event = new PsObject('ReceiveConnectorEvent', {
    Time: new Date('2024-05-31T10:00:00Z'),
    Id: 1021,
    Level: 'Warning',
    Message: message.trim(),
  });
  const text = await printed([event], { width: 80, terminal: true });
  expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
  expect(text.replaceAll(/\n\s*/g, ' ')).toContain(message.trim());
  expect(text).toMatch(/ 1021 Warning {5}Receive connector/);
});

test('what was and what is share the room, and a short one leaves its part to the other', async () => {
  const change = (Before: string, After: string) =>
    new PsObject('ConnectorDifference', { Name: 'Default EX', Change: 'set', Setting: 'Comment', Before, After });
  const rows = async (...values: Value[]) =>
    (await printed(values, { width: 80, terminal: true })).split('\n').slice(3, -2);
  expect(await rows(change('b'.repeat(60), 'a'.repeat(30)), change('', 'c'))).toEqual([
    `Default EX set    Comment ${'b'.repeat(26)}… ${'a'.repeat(25)}…`,
    `Default EX set    Comment ${' '.repeat(27)} c`,
  ]);
  expect(await rows(change('b'.repeat(60), 'a'.repeat(9)))).toEqual([
    `Default EX set    Comment ${'b'.repeat(43)}… ${'a'.repeat(9)}`,
  ]);
});
