/** The body of a request, bounded; and what is told to who asks for something that cannot be. */
import type { IncomingMessage } from 'node:http';
import { keysTwice } from '../../store/json-text.ts';
import { show } from '../../text/printable.ts';

/** What a client asks for that cannot be asked; `status` is that of HTTP. */
export class BadRequest extends Error {
  constructor(
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** The JSON of a body of at most `most` bytes. @throws BadRequest when it is none, too long, or cut off */
export async function readJson(request: IncomingMessage, most: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > most) throw new BadRequest(`The body is longer than ${most} bytes.`, 413);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof BadRequest) throw error;
    throw new BadRequest('The body was cut off.'); // the client has left: no defect of ours
  }
  const text = Buffer.concat(chunks).toString('utf8');
  let value: unknown;
  let twice: ReturnType<typeof keysTwice>;
  try {
    value = JSON.parse(text);
    twice = keysTwice(text, value); // JSON.parse takes the last and says nothing
  } catch {
    throw new BadRequest('The body is not JSON.');
  }
  if (twice[0]) throw new BadRequest(`${show(twice[0].key)} stands twice in the body; only one can be meant.`);
  return value;
}
