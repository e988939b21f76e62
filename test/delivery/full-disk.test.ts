/** A Maildir on a file system of two megabytes, where mounting one is allowed: 452 when it is full, and good again when there is room. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDelivery } from '../../src/listener/delivery/delivery.ts';
import { deliver, Events, envelopeOf, freshHome, messagesIn, namesIn, serverWith } from './scene.ts';

const envelope = envelopeOf('a@fabrikam.com', ['b@contoso.com']);

function smallDisk(path: string): boolean {
  mkdirSync(path, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return false; // not allowed here; maildir.test.ts has the same with a file layer that fails
  }
  onTestFinished(() => {
    execFileSync('umount', [path]);
  });
  return true;
}

test('a disk that is full', async ({ skip }) => {
  const home = freshHome();
  if (!smallDisk(home.mail)) {
    if (process.env.CI) expect.fail('CI cannot mount a small disk');
    return skip();
  }
  const events = new Events();
  const delivery = openDelivery(home, events, () => serverWith());
  onTestFinished(() => delivery.close());
  let accepted = 0;
  let refused = 0;
  for (let i = 0; i < 60; i++) {
    const result = await deliver(delivery, envelope, Buffer.alloc(i % 2 ? 30_000 : 100_000, 'x'));
    if (result.ok) accepted++;
    else {
      refused++;
      expect(result.reply).toBe('452 4.3.1 Insufficient system resources');
    }
  }
  expect(accepted).toBeGreaterThan(5);
  expect(refused).toBeGreaterThan(5);
  expect(await messagesIn(home)).toHaveLength(accepted);
  expect(await namesIn(home, 'tmp')).toEqual([]);
  expect(events.written.map((event) => event.data?.code)).toEqual(['ENOSPC']);
  const inNew = join(home.mail, 'new');
  for (const name of readdirSync(inNew)) rmSync(join(inNew, name));
  expect((await deliver(delivery, envelope, 'x')).ok).toBe(true);
});
