/**
 * Entry of the bundle dist/messages.cjs: reads messages for the page in a thread of its own, for whatever somebody sent may take
 * its time there and nowhere else. Asked and answered by reading.ts.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Mailbox } from './mailbox.ts';
import type { Message } from './message-types.ts';
import type { Answer, Asked, ReadingData } from './reading.ts';
import { htmlOf, lineOf, partOf, toldMessage } from './told-messages.ts';

const { folder, whole } = workerData as ReadingData;
const mailbox = new Mailbox(folder, whole);

const of = async <T>(id: string, tell: (message: Message) => T): Promise<T | undefined> => {
  const message = await mailbox.find(id);
  return message && tell(message);
};

async function answer(asked: Asked): Promise<unknown> {
  switch (asked.ask) {
    case 'list': {
      const { any, limit, before } = asked;
      const { messages, total, next } = await mailbox.page({ any }, limit, before);
      return { messages: messages.map(lineOf), total, next };
    }
    case 'show':
      return of(asked.id, toldMessage);
    case 'html':
      return of(asked.id, htmlOf);
    case 'part':
      return of(asked.id, (message) => partOf(message, asked.part));
  }
}

parentPort!.on('message', async ({ number, asked }: { number: number; asked: Asked }) => {
  let told: Answer;
  try {
    told = { number, value: await answer(asked) };
  } catch (error) {
    told = { number, problem: (error as Error).message };
  }
  parentPort!.postMessage(told);
});
