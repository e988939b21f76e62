/** Messages and events as they happen: the stream, who goes on where he was, and waiting for one message. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Feed } from '../../src/listener/api/feed.ts';
import { tempFolder } from '../support/temp-home.ts';
import { ApiScene, eventsOf, type ServerSentEvent } from './scene.ts';

let scene: ApiScene;
beforeAll(async () => {
  scene = await ApiScene.start();
});
afterAll(() => scene?.stop());

/** Looks on, does something when the stream is open, and gives the first so many events. */
async function first(
  count: number,
  query: string,
  act: () => Promise<unknown>,
  headers: Record<string, string> = {},
): Promise<ServerSentEvent[]> {
  const over = new AbortController();
  const seen: ServerSentEvent[] = [];
  for await (const one of eventsOf(scene, query, over.signal, headers)) {
    if (one === 'open') await act();
    else seen.push(one);
    if (seen.length === count) break;
  }
  over.abort();
  return seen;
}

test('a new message is told with its summary', async () => {
  const [told] = await first(1, '?only=messages', () => scene.send('Told'));
  expect(told).toMatchObject({
    event: 'message',
    data: { subject: 'Told', envelope: { from: 'sue@contoso.test', to: ['bob@contoso.test'] }, attachmentCount: 0 },
  });
  expect((await scene.ask('GET', `/v1/messages/${told!.data.id}`)).json.subject).toBe('Told');
});

test('a filter tells of those that fit only', async () => {
  const told = await first(1, '?only=messages&subject=Second*', async () => {
    await scene.send('First');
    await scene.send('Second one');
  });
  expect(told.map(({ data }) => data.subject)).toEqual(['Second one']);
});

test('events are told as the log has them', async () => {
  const change = () => scene.ask('PATCH', '/v1/connectors/Default%20EX', { Comment: `${Math.random()}` });
  const [told] = await first(1, '?only=events', change);
  expect(told).toMatchObject({ event: 'event', data: { id: 17003, level: 'Information' } });
});

test('who was cut off goes on where he was', async () => {
  const [told] = await first(1, '?only=messages', () => scene.send('Before'));
  await scene.send('While away');
  const again = await first(1, '?only=messages', async () => {}, { 'last-event-id': told!.id });
  expect(again.map(({ data }) => data.subject)).toEqual(['While away']);
});

test('an id of another listener: a gap is told', async () => {
  const [told] = await first(1, '', async () => {}, { 'last-event-id': '1.abc-7' });
  expect(told).toMatchObject({ event: 'gap', data: { detail: expect.stringContaining('GET /v1/messages') } });
});

describe('wait', () => {
  test('for a message to come', async () => {
    const waiting = scene.ask('GET', '/v1/messages/wait?subject=Awaited&timeout=1m');
    await scene.send('Something else');
    await scene.send('Awaited');
    expect((await waiting).json).toMatchObject({ subject: 'Awaited', text: 'Text\n' });
  });

  test('one that is there counts, the oldest first', async () => {
    await scene.send('Twice', { text: 'older' });
    await scene.send('Twice', { text: 'newer' });
    expect((await scene.ask('GET', '/v1/messages/wait?subject=Twice&timeout=1ms')).json.text.trim()).toBe('older');
  });

  test('several wait at once, each for its own', async () => {
    const names = ['Red', 'Green', 'Blue'];
    const waiting = names.map((name) => scene.ask('GET', `/v1/messages/wait?subject=${name}&timeout=1m`));
    for (const name of names.toReversed()) await scene.send(name);
    expect((await Promise.all(waiting)).map(({ json }) => json.subject)).toEqual(names);
  });
});

test('a change acts when it is answered', async () => {
  const rules = { rules: ['mail 451 4.3.0 "Not now" always'] };
  expect((await scene.ask('PUT', '/v1/faults', rules)).status).toBe(200);
  await expect(scene.send('x')).rejects.toThrow(/451 4\.3\.0 Not now/);
  expect((await scene.ask('DELETE', '/v1/faults')).status).toBe(204);
  await scene.send('x');
});

test('the history says that the API did it', async () => {
  await scene.ask('PATCH', '/v1/connectors/Default%20EX', { Comment: 'by the API' });
  const { rc } = await import('../support/rc.ts');
  const { stdout } = await rc(['history', '--last', '1', '-o', 'json'], { home: scene.listener.home });
  expect(stdout).toMatch(/Set-ReceiveConnector.*-Comment by the API # via the API, 127\.0\.0\.1/);
});

describe('the row of what happens', () => {
  const event = (id: number) => ({ time: '', id, level: 'Information' as const, message: '' });

  function feed(folder: string) {
    let tell: (one: ReturnType<typeof event>) => void = () => {};
    const row = new Feed(
      folder,
      (listen) => {
        tell = listen;
        return () => {};
      },
      'name',
    );
    return { row, tell: (id: number) => tell(event(id)) };
  }

  test('is bounded: who was away too long is told how many he missed', async () => {
    const { row, tell } = feed(tempFolder('feed'));
    await row.started();
    for (let id = 1; id <= 2500; id++) tell(id);
    expect(row.count).toBe(2500);
    expect(row.after(0)).toMatchObject({ number: 501, missed: 500, what: { event: { id: 501 } } });
    expect(row.after(2499)).toMatchObject({ number: 2500, missed: 0 });
    expect(row.after(2500)).toBeUndefined();
    row.close();
  });

  test('ids are of one listener', async () => {
    const { row, tell } = feed(tempFolder('feed'));
    await row.started();
    tell(1);
    expect(row.numberOf(row.idOf(1))).toBe(1);
    for (const id of ['other-1', 'name-2', 'name-', 'name-1x', '1', '']) expect(row.numberOf(id)).toBeUndefined();
    row.close();
  });

  test('a message is told once, in a folder that is made later too', async () => {
    const folder = tempFolder('feed');
    const { row } = feed(folder);
    await row.started();
    mkdirSync(join(folder, 'new'));
    mkdirSync(join(folder, 'cur'));
    const gone = new AbortController().signal;
    for (const [number, name] of ['1.M1P1Q1Ra.b', '1.M2P1Q2Ra.b'].entries()) {
      writeFileSync(join(folder, 'new', name), 'Subject: x\n\n');
      for (let tries = 0; row.count === number && tries < 100; tries++) await row.more(number, 100, gone);
      expect(row.after(number)).toMatchObject({ number: number + 1, what: { entry: { id: name } } });
    }
    expect(row.count).toBe(2);
    row.close();
  });
});
