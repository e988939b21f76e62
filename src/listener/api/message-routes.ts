/** Messages: listed, read, waited for, removed. */
import { messageTest } from '../../messages/message-filter.ts';
import type { Message } from '../../messages/message-types.ts';
import { show } from '../../text/printable.ts';
import { downloadAs } from '../http/download.ts';
import { Problem } from './problem.ts';
import { aNumber, aSpan, aText, oneOf, type QueryParameter } from './query.ts';
import { type Answer, type Api, type Route, route } from './route.ts';
import { list, ref } from './schemas.ts';
import { writeStream } from './stream.ts';
import { attachmentOf, summaryOf, wholeOf } from './told-message.ts';

const topic = 'Messages';

const FILTER = {
  from: { kind: aText, help: 'Only of this sender, of the envelope or the header.' },
  to: { kind: aText, help: 'Only with this recipient, of the envelope or the header.' },
  subject: { kind: aText, help: 'Only with this subject.' },
  text: { kind: aText, help: 'Only with this in the text or the HTML.' },
} as const satisfies Readonly<Record<string, QueryParameter>>;

const MEANS =
  'A text is found anywhere, in any case; one with a wildcard has to match the whole. Filters hold together.';
const PARTS = { id: 'Of the message, as the list has it; latest is the newest.' };
const GONE = { 404: 'There is no such message.' };

const WAIT_SECONDS = { usual: 10, most: 300 };

async function found({ mailbox }: Api, id: string): Promise<Message> {
  const message = await mailbox.find(id);
  if (message) return message;
  throw missing(id);
}

function missing(id: string): Problem {
  return new Problem(404, `No message has the id ${show(id)}. What there is: GET /v1/messages`, {
    code: 'MessageNotFound',
    value: id.slice(0, 200),
  });
}

export const MESSAGE_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/messages',
    id: 'listMessages',
    topic,
    summary: `Messages, newest first. ${MEANS}`,
    query: {
      ...FILTER,
      limit: { kind: aNumber(1, 500), usual: 100, help: 'Most messages of a page.' },
      before: { kind: aText, help: 'Only older ones than this id: next of the page before.' },
    },
    answer: { status: 200, means: 'A page of them.', schema: ref('Messages') },
    async answerTo({ mailbox }, { query: { limit, before, ...texts } }) {
      const { messages, total, next = null } = await mailbox.page(texts, limit, before);
      return { json: { messages: messages.map(summaryOf), total, next } };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/messages',
    id: 'removeMessages',
    topic,
    summary: `Removes messages: all, or those that fit. ${MEANS}`,
    query: FILTER,
    answer: { status: 200, means: 'How many went.', schema: ref('Removed') },
    async answerTo({ mailbox }, { query }) {
      return { json: { removed: await mailbox.clear(query) } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/messages/wait',
    id: 'waitForMessage',
    topic,
    summary: `The oldest message that fits, there already or to come. ${MEANS}`,
    query: {
      ...FILTER,
      timeout: {
        kind: aSpan(WAIT_SECONDS.most),
        usual: WAIT_SECONDS.usual * 1000,
        help: `How long to wait, such as 500ms, 10s or 2m, up to ${WAIT_SECONDS.most}s; ${WAIT_SECONDS.usual}s when left out.`,
      },
    },
    answer: { status: 200, means: 'The message.', schema: ref('Message') },
    lasts: true,
    problems: { 404: 'None came in time.' },
    answerTo: waitForMessage,
  }),
  route({
    method: 'GET',
    path: '/v1/messages/{id}',
    id: 'getMessage',
    topic,
    summary: 'A message, decoded.',
    parts: PARTS,
    answer: { status: 200, means: 'The message.', schema: ref('Message') },
    problems: GONE,
    async answerTo(api, { part }) {
      return { json: wholeOf(await found(api, part('id'))) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/messages/{id}',
    id: 'removeMessage',
    topic,
    summary: 'Removes a message.',
    parts: PARTS,
    answer: { status: 204, means: 'It is gone.' },
    problems: GONE,
    async answerTo(api, { part }) {
      if (await api.mailbox.remove(part('id'))) return {};
      throw missing(part('id'));
    },
  }),
  route({
    method: 'GET',
    path: '/v1/messages/{id}/raw',
    id: 'getRawMessage',
    topic,
    summary: 'A message as it stands in the Maildir, header and all; of one larger than 64 MB its beginning.',
    parts: PARTS,
    answer: { status: 200, means: 'Its bytes.', type: 'message/rfc822' },
    problems: GONE,
    async answerTo(api, { part }) {
      return { bytes: (await found(api, part('id'))).raw };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/messages/{id}/attachments',
    id: 'listAttachments',
    topic,
    summary: 'The attachments of a message.',
    parts: PARTS,
    answer: { status: 200, means: 'In their order.', schema: list(ref('Attachment')) },
    problems: GONE,
    async answerTo(api, { part }) {
      return { json: (await found(api, part('id'))).attachments.map(attachmentOf) };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/messages/{id}/attachments/{index}',
    id: 'getAttachment',
    topic,
    summary: 'The content of an attachment, to be saved: always application/octet-stream.',
    parts: { ...PARTS, index: 'Of the attachment, from 0.' },
    answer: { status: 200, means: 'Its bytes.', type: 'application/octet-stream' },
    problems: { 404: 'There is no such message, or no such attachment.' },
    answerTo: attachment,
  }),
  route({
    method: 'GET',
    path: '/v1/stream',
    id: 'stream',
    topic: 'Events',
    summary:
      'New messages and events as server-sent events: `message` with a MessageSummary, `event` with an Event, `gap` when some were missed. A client that sends Last-Event-ID goes on from there.',
    query: {
      only: { kind: oneOf('messages', 'events'), help: 'Only messages, or only events.' },
      ...FILTER,
    },
    lasts: true,
    answer: { status: 200, means: 'Goes on until the client leaves.', type: 'text/event-stream' },
    async answerTo(api, { query: { only, ...texts }, request, gone }) {
      await api.feed.started();
      const lastEventId = String(request.headers['last-event-id'] ?? '');
      return {
        stream: (response) => writeStream(response, api, { only, fits: messageTest(texts), lastEventId, gone }),
      };
    },
  }),
];

async function waitForMessage(
  { mailbox, feed }: Api,
  {
    query: { timeout, ...texts },
    gone,
  }: { query: { timeout: number } & Parameters<typeof messageTest>[0]; gone: AbortSignal },
): Promise<Answer> {
  const end = performance.now() + timeout;
  await feed.started();
  const looked = new Set<string>();
  for (;;) {
    const { count } = feed;
    for await (const message of mailbox.fitting(texts, looked)) return { json: wholeOf(message) };
    const left = end - performance.now();
    if (left <= 0 || gone.aborted) break;
    await feed.more(count, left, gone);
  }
  const there = looked.size === 1 ? '1 message is there' : `${looked.size} messages are there`;
  throw new Problem(404, `No message that fits came within ${timeout / 1000} s; ${there}: GET /v1/messages`, {
    code: 'MessageWaitTimeout',
  });
}

async function attachment(api: Api, { part }: { part(name: string): string }): Promise<Answer> {
  const { attachments } = await found(api, part('id'));
  const index = part('index');
  const one = /^\d{1,5}$/.test(index) ? attachments[Number(index)] : undefined;
  if (!one)
    throw new Problem(404, `The message has no attachment ${show(index)}; it has ${attachments.length}, from 0.`, {
      code: 'AttachmentNotFound',
      value: index.slice(0, 200),
    });
  return {
    bytes: one.content,
    headers: { 'content-disposition': downloadAs(one.filename || `attachment-${index}`) },
  };
}
