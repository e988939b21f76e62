/** kill -9 of the listener in the middle of deliveries: what was answered with 250 is in the Maildir, whole and once. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { until } from '../support/until.ts';
import { MailSender } from './mail-sender.ts';
import { messagesIn } from './maildir-count.ts';

it('loses no message that got its 250, and doubles none, over five kills', { timeout: 120_000 }, async () => {
  const home = tempFolder();
  const port = await freePort();
  writeStore(home, [{ Name: 'A', Bindings: [`127.0.0.1:${port}`], PermissionGroups: 'AnonymousUsers' }]);
  const acknowledged: string[] = [];
  const sent = new Set<string>();
  for (let round = 0; round < 5; round++) {
    const listener = await RunningListener.start(home);
    const senders = Array.from({ length: 8 }, (_, i) => new MailSender(port, `r${round}s${i}`));
    await until('messages flow', () => senders.every((s) => s.acknowledged.length > 2));
    await pause(Math.random() * 50); // the moment of the kill is the input here, nothing is waited for
    await listener.stop('SIGKILL');
    await Promise.all(senders.map((s) => s.ended));
    for (const s of senders) {
      acknowledged.push(...s.acknowledged);
      for (const id of s.sent) sent.add(id);
    }
  }
  const found = messagesIn(join(home, 'mail'));
  expect(acknowledged.length).toBeGreaterThan(5 * 8 * 2);
  expect(acknowledged.filter((id) => found.get(id) !== 1)).toEqual([]);
  expect([...found].filter(([id, count]) => count !== 1 || !sent.has(id))).toEqual([]);
});
