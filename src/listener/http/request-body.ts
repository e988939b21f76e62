/** The body of a request, bounded; and what is told to who asks for something that cannot be. */
import type { IncomingMessage } from 'node:http';

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
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new BadRequest('The body is not JSON.');
  }
}
