import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { inTime } from '../../src/text/in-time.ts';

/** Answers a message with another, and says in `shared` that it has. */
const ANSWERER = `
const { parentPort, workerData } = require('node:worker_threads');
parentPort.once('message', () => {
  parentPort.postMessage('answer');
  Atomics.store(workerData, 0, 1);
  Atomics.notify(workerData, 0);
});`;

test('an answer that is there when a busy process comes to look is no late one', async () => {
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const other = new Worker(ANSWERER, { eval: true, workerData: shared });
  await once(other, 'online');
  const answer = once(other, 'message').then(([said]) => said as string);
  await setImmediate(); // timers are what this process looks at next
  const began = performance.now();
  const judged = inTime(answer, 5, () => 'late');
  other.postMessage('question');
  Atomics.wait(shared, 0, 0);
  while (performance.now() < began + 10); // this process is busy for longer than it would wait
  expect(await judged).toBe('answer');
  await other.terminate();
});

test('no answer: what `late` gives, or throws', async () => {
  const never = new Promise<never>(() => {});
  expect(await inTime(never, 1, () => 'late')).toBe('late');
  await expect(
    inTime(never, 1, () => {
      throw new Error('too late');
    }),
  ).rejects.toThrow('too late');
});
