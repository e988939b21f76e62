import { expect, test } from 'vitest';
import { openDelivery } from '../../src/listener/delivery/delivery.ts';
import { homeAt } from '../../src/store/home.ts';
import { deliver, Events, envelopeOf, serverWith } from '../delivery/scene.ts';
import { rc } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';

async function withMail(): Promise<string> {
  const folder = tempFolder();
  const delivery = openDelivery(homeAt(folder), new Events(), () => serverWith({ DeliveryMethod: 'Discard' }));
  await deliver(
    delivery,
    envelopeOf('alice@contoso.com', ['b@fabrikam.com', 'c@[192.0.2.1]']),
    'Subject: The quarterly REPORT\r\n\r\nx',
  );
  await deliver(delivery, envelopeOf('bob@contoso.com', ['d@fabrikam.com']), 'Subject: other\r\n\r\nx');
  await delivery.close();
  return folder;
}

const find = async (home: string, ...args: string[]) => {
  const ran = await rc(['get-message-tracking-log', ...args], { home });
  const found = ran.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return { ...ran, found, senders: [...new Set(found.map((record) => record.Sender))] };
};

test('finds messages by what is known of them', async () => {
  const home = await withMail();
  const all = await find(home);
  expect(all.found.map((r) => r.EventId)).toEqual(['RECEIVE', 'DISCARD', 'RECEIVE', 'DISCARD']);
  const alice = ['alice@contoso.com'];
  expect((await find(home, '--sender', 'ALICE@contoso.com')).senders).toEqual(alice);
  expect((await find(home, '--sender', 'al*')).senders).toEqual(alice);
  expect((await find(home, '--recipients', 'x@x.com,c@[192.0.2.1]')).senders).toEqual(alice);
  expect((await find(home, '--message-subject', 'report')).senders).toEqual(alice);
  expect((await find(home, '--event-id', 'receive')).found).toHaveLength(2);
  expect((await find(home, '--message-id', 'id@fabrikam.com')).found).toHaveLength(4);
  expect((await find(home, '--internal-message-id', String(all.found[0].InternalMessageId))).senders).toEqual(alice);
  expect((await find(home, '--start', '2020-01-01', '--end', '2020-02-01')).found).toEqual([]);
  const few = await find(home, '--result-size', '1');
  expect(few).toMatchObject({ code: 0, stderr: expect.stringContaining('more results than the 1 newest shown') });
  expect(few.found).toEqual(all.found.slice(-1));
  expect((await find(home, '--result-size', '3')).found).toEqual(all.found.slice(-3));
  expect(await find(home, '--result-size', '4')).toMatchObject({ stderr: '', found: all.found });
});

test.each(['today', 'yesterday', '2h', '2026-11-24 08:00', '11/24/2026 8:00 AM'])(
  '--start %s is taken',
  async (start) => {
    expect(await rc(['get-message-tracking-log', '--start', start], { home: tempFolder() })).toMatchObject({ code: 0 });
  },
);

test.each([
  [['--start', 'soon'], '--start: "soon" is not a moment; allowed: an age (30m, 2h, 7d), today, yesterday'],
  [['--start', '2026-02-01', '--end', '2026-01-01'], '--start is after --end'],
  [['--end', '9999999d'], 'is longer ago than there are dates'],
  [['--result-size', '0'], 'ResultSize'],
  [['--event-id', 'EAT'], 'allowed: RECEIVE'],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await rc(['get-message-tracking-log', ...args], { home: tempFolder() });
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('no mail yet: nothing', async () => {
  expect(await find(tempFolder())).toMatchObject({ code: 0, stderr: '', found: [] });
});
