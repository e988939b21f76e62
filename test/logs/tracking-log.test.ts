import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDelivery } from '../../src/listener/delivery/delivery.ts';
import { subjectOf } from '../../src/listener/delivery/subject.ts';
import { newestTracking, readTrackingLog, type TrackingRecord } from '../../src/records/tracking-log-lines.ts';
import type { Home } from '../../src/store/home.ts';
import { polite, scriptedHost } from '../delivery/next-host.ts';
import { deliver, Events, envelopeOf, freshHome, serverWith } from '../delivery/scene.ts';

async function recordsOf(home: Home, period = {}): Promise<TrackingRecord[]> {
  const records: TrackingRecord[] = [];
  for await (const record of readTrackingLog(home.tracking, period)) records.push(record);
  return records;
}

async function track(transport: Record<string, unknown>, to = ['b@contoso.com', 'c@contoso.com']) {
  const home = freshHome();
  const delivery = openDelivery(home, new Events(), () => serverWith(transport));
  await deliver(delivery, envelopeOf('a@fabrikam.com', to), 'Subject: Hello, "you"\r\n\r\nx');
  await delivery.close();
  return { home, records: await recordsOf(home) };
}

test('a stored message: RECEIVE and DELIVER', async () => {
  const { home, records } = await track({});
  expect(records).toMatchObject([
    {
      EventId: 'RECEIVE',
      Source: 'SMTP',
      ClientIp: '192.0.2.7',
      ClientHostname: 'client.fabrikam.com',
      ServerIp: '192.0.2.1',
      ServerHostname: 'mail.contoso.com',
      ConnectorId: 'MAIL\\Default MAIL',
      MessageId: '<id@fabrikam.com>',
      Recipients: ['b@contoso.com', 'c@contoso.com'],
      RecipientCount: 2,
      TotalBytes: 26,
      MessageSubject: 'Hello, "you"',
      Sender: 'a@fabrikam.com',
      ReturnPath: 'a@fabrikam.com',
    },
    { EventId: 'DELIVER', Source: 'STOREDRIVER' },
  ]);
  expect(records[0]!.InternalMessageId).toBe(records[1]!.InternalMessageId);
  expect((await readdir(join(home.mail, 'new')))[0]).toBe(records[1]!.SourceContext);
});

test('a relayed message: SEND with what the next host said', async () => {
  const host = await scriptedHost(polite(['PIPELINING'], { '.': '250 2.0.0 queued as 7' }));
  const { records } = await track({ DeliveryMethod: 'Relay', SmartHost: host.host });
  expect(records[1]).toMatchObject({
    EventId: 'SEND',
    SourceContext: host.host,
    RecipientStatus: ['250 2.0.0 queued as 7', '250 2.0.0 queued as 7'],
  });
});

test.each([
  ['FAIL', '550 5.1.1 unknown'],
  ['DEFER', '451 4.2.0 later'],
])('a message that is not taken: %s with the status of each recipient', async (event, reply) => {
  const host = await scriptedHost(polite(['PIPELINING'], { 'RCPT TO:<c': reply }));
  const { records } = await track({ DeliveryMethod: 'Relay', SmartHost: host.host });
  expect(records).toMatchObject([{ EventId: event, RecipientStatus: ['250 2.0.0 ok', reply] }]);
});

test('discarded: RECEIVE and DISCARD', async () => {
  const { records } = await track({ DeliveryMethod: 'Discard' });
  expect(records.map((record) => record.EventId)).toEqual(['RECEIVE', 'DISCARD']);
});

test('turned off, or without subjects', async () => {
  expect((await track({ MessageTrackingLogEnabled: false })).records).toEqual([]);
  expect((await track({ MessageTrackingLogSubjectLoggingEnabled: false })).records[0]!.MessageSubject).toBe('');
});

test('recipients cannot make two of one', async () => {
  const { records } = await track({}, ['"a;b"@contoso.com']);
  expect(records[0]!.Recipients).toEqual(['"a\\u{3b}b"@contoso.com']);
});

test('a period; files of other hours are not read; broken lines are passed over', async () => {
  const { home, records } = await track({});
  const time = records[0]!.Timestamp;
  expect(await recordsOf(home, { start: new Date(time.getTime() + 60_000) })).toEqual([]);
  expect(await recordsOf(home, { end: new Date(time.getTime() - 60_000) })).toEqual([]);
  expect(await recordsOf(home, { start: time })).toHaveLength(2);
  await mkdir(home.tracking, { recursive: true });
  const [name] = await readdir(home.tracking);
  await appendFile(join(home.tracking, name!), '2026-11-24T05:0');
  await writeFile(join(home.tracking, 'MSGTRK2020010100-1.log'), 'rubbish,"\r\n#\r\n');
  expect(await recordsOf(home)).toHaveLength(2);
});

test('no log yet', async () => {
  expect(await recordsOf(freshHome())).toEqual([]);
});

test('InternalId grows, over restarts too', async () => {
  const home = freshHome();
  const ids: number[] = [];
  for (let run = 0; run < 3; run++) {
    const delivery = openDelivery(home, new Events(), () => serverWith({ DeliveryMethod: 'Discard' }), {
      clock: () => new Date(Date.UTC(2026, 0, 1) + run),
    });
    for (let i = 0; i < 3; i++) ids.push(delivery.begin(envelopeOf('', ['b@contoso.com'])).internalId);
    await delivery.close();
  }
  expect([...ids].sort((a, b) => a - b)).toEqual(ids);
  expect(new Set(ids).size).toBe(9);
});

test.each([
  ['Subject: =?windows-1252?Q?=80_5?=', '€ 5'],
  ['Subject: plain\r\n\r\n', 'plain'],
  ['From: x\r\nSUBJECT:no space\r\n\r\nSubject: body', 'no space'],
  ['Subject: folded\r\n over lines\r\nTo: x\r\n\r\n', 'folded over lines'],
  ['Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\n\r\n', 'Grüße'],
  ['Subject: =?iso-8859-1?q?Gr=FC=DFe_aus?= =?utf-8?q?_K=C3=B6ln?=\r\n\r\n', 'Grüße aus Köln'],
  ['Subject: =?martian?q?x?=\r\n\r\n', '=?martian?q?x?='],
  ['\r\nSubject: body', ''],
  ['X-Subject: no\r\n\r\n', ''],
  ['', ''],
])('the subject of %j is %j', (text, subject) => {
  expect(subjectOf(text)).toBe(subject);
});

test('the newest come from the newest files, oldest of them first', async () => {
  const { home } = await track({});
  const [name] = await readdir(home.tracking);
  const own = (await readFile(join(home.tracking, name!), 'utf8')).split('\r\n');
  const line = own.findLast((text) => text.includes('RECEIVE'))!;
  const file = (hour: number, number: number, ids: readonly number[]) =>
    writeFile(
      join(home.tracking, `MSGTRK20250101${String(hour).padStart(2, '0')}-${number}.log`),
      ids
        .map((id) =>
          line.replace(/^[^,]*/, `2025-01-01T${String(hour).padStart(2, '0')}:00:${String(id % 60).padStart(2, '0')}Z`),
        )
        .join('\r\n'),
    );
  await file(4, 1, [1, 2, 3]);
  await file(4, 2, [4, 5]);
  await file(5, 1, []);
  await file(6, 1, [6]);
  const period = { end: new Date('2025-01-02') };
  const all = await recordsOf(home, period);
  expect(all).toHaveLength(6);
  for (let most = 1; most <= 7; most++)
    expect(await newestTracking(home.tracking, most, period)).toEqual({ records: all.slice(-most), more: most < 6 });
  const odd = ({ Timestamp }: TrackingRecord) => Timestamp.getSeconds() % 2 === 1;
  expect(await newestTracking(home.tracking, 2, period, odd)).toEqual({
    records: all.filter(odd).slice(-2),
    more: true,
  });
});
