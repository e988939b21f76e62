/**
 * What servers of a fleet ask each other, through the engine: a question on one channel that all listeners hear, each answer on a
 * channel that only who asks hears. Nothing of it is kept there. Both are from outside for who reads them: checked, and bounded.
 */

import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { isRecord } from '../text/is-record.ts';
import { foldText } from '../text/wildcard.ts';

/** `disconnect` asks for something to be done: who may ask may change every setting, and so end every session anyway. */
export type Topic = 'sources' | 'sessions' | 'events' | 'look' | 'usage' | 'tracking' | 'messages' | 'disconnect';

interface Question {
  /** Who asks: names the channel of the answers. */
  readonly asker: string;
  /** Counts up with each question of an asker. */
  readonly number: number;
  /** One of `Topic`, or of a newer rc's. */
  readonly topic: string;
  /** Servers that are asked, folded. */
  readonly servers: readonly string[];
  /** What exactly; each topic knows its own. */
  readonly about: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly number: number;
  readonly server: string;
  readonly rows: readonly object[];
  /** Rows that had no room. */
  readonly left: number;
  /** Why there are none; empty when all is well. */
  readonly problem: string;
}

/** Bytes of a question; one to a thousand servers has 20 KB. */
const MOST_QUESTION = 256 * 1024;
/** Bytes of the rows of one answer, before they are made smaller: some 5,000 sessions. */
export const MOST_ROWS = 2 * 1024 ** 2;
const MOST_ANSWER = MOST_ROWS + 64 * 1024;

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

export function questionText(question: Question): string {
  return JSON.stringify({ ...question, servers: question.servers.map(foldText) });
}

/** `undefined` for what is no question of ours. */
export function parseQuestion(text: string): Question | undefined {
  if (text.length > MOST_QUESTION) return undefined;
  try {
    const { asker, number, topic, servers, about } = JSON.parse(text) as Record<keyof Question, unknown>;
    if (typeof asker !== 'string' || !/^[0-9a-f-]{36}$/.test(asker) || !Number.isSafeInteger(number)) return undefined;
    if (typeof topic !== 'string' || !Array.isArray(servers)) return undefined;
    if (typeof about !== 'object' || about === null) return undefined;
    return {
      asker,
      number: number as number,
      topic,
      servers: servers.map(String),
      about: about as Record<string, unknown>,
    };
  } catch {
    return undefined;
  }
}

/** As many rows as have room, the first first. */
export async function answerText({ rows, left, ...answer }: Answer): Promise<string> {
  const texts: string[] = [];
  let bytes = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    bytes += text.length + 1;
    if (bytes > MOST_ROWS) break;
    texts.push(text);
  }
  const whole = JSON.stringify({ ...answer, left: left + rows.length - texts.length, rows: [] });
  const filled = whole.replace(/\[\]\}$/, () => `[${texts.join(',')}]}`);
  return (await deflate(filled)).toString('base64');
}

/** `undefined` for what is no answer of ours. */
export async function parseAnswer(text: string): Promise<Answer | undefined> {
  try {
    const packed = Buffer.from(text, 'base64');
    // A megabyte of text may be four times as many bytes.
    const read = JSON.parse(String(await inflate(packed, { maxOutputLength: 4 * MOST_ANSWER }))) as Record<
      keyof Answer,
      unknown
    >;
    const { number, server, rows, left, problem } = read;
    if (!Number.isSafeInteger(number) || typeof server !== 'string' || !Array.isArray(rows)) return undefined;
    return {
      number: number as number,
      server,
      rows: rows.filter(isRecord),
      left: Number(left) || 0,
      problem: String(problem ?? ''),
    };
  } catch {
    return undefined;
  }
}
