/** Clients that speak before they are greeted: one outcome for one input, whichever way EarlyTalkers says. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Host } from './harness/host.ts';

/** All that a client hears that says this as soon as it is connected, or so many milliseconds later. */
async function heard(port: number, said: string, afterMs = 0): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'connect');
  if (afterMs > 0) await pause(afterMs);
  socket.write(said);
  await once(socket, 'close');
  return text.replace(/^220 .*/, '220');
}

const CHECK = 'HELO check\r\nQUIT\r\n';

test('they are served, all alike: greeted first, then answered', async () => {
  const host = await new Host().start();
  const all = await Promise.all([0, 0, 0, 0, 0, 1, 1, 1, 5, 5].map((ms) => heard(host.port, CHECK, ms)));
  expect(new Set(all)).toEqual(
    new Set(['220\r\n250 mail.contoso.com Hello [127.0.0.1]\r\n221 2.0.0 Service closing transmission channel\r\n']),
  );
  expect(host.refusals).toEqual([]);
  await host.close();
});

test('refused, all alike, where the setting says so; who waits is served', async () => {
  const host = await new Host({ EarlyTalkers: 'Refuse' }).start();
  const early = await Promise.all([0, 0, 0, 0, 0, 1, 1, 1].map((ms) => heard(host.port, CHECK, ms)));
  expect(new Set(early)).toEqual(
    new Set(['421 4.5.0 Client spoke before the greeting, closing transmission channel\r\n']),
  );
  expect(host.refusals[0]!.because).toMatchObject({ kind: 'setting', setting: 'EarlyTalkers' });
  const patient = connect(host.port, '127.0.0.1');
  const [greeting] = await once(patient.setEncoding('latin1'), 'data');
  expect(greeting).toMatch(/^220 /);
  patient.destroy();
  await host.close();
});
