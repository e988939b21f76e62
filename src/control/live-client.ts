/** Follows the running listener over its control socket: `/live`, a line of JSON for each look. */
import { type IncomingMessage, request } from 'node:http';
import type { Home } from '../store/home.ts';
import { controlAddress } from './control-address.ts';
import { cannotAsk, isList, isStatus, MOST_ANSWER, NOBODY, type Snapshot } from './listener-client.ts';

/**
 * Looks at the listener every `everyMs` (100 to 60,000) until `signal` or until the listener ends. No look at all: none runs.
 * @throws Error when it may not be asked, or already has as many who look on as it takes
 */
export async function* live(home: Home, everyMs: number, signal?: AbortSignal): AsyncGenerator<Snapshot> {
  const { path: socketPath } = controlAddress(home);
  if (!socketPath || signal?.aborted) return;
  const asked = request({ socketPath, path: `/live?every=${Math.round(everyMs)}`, agent: false });
  const stop = () => asked.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const response = await answerOf(asked).catch((error: NodeJS.ErrnoException) => {
      if (signal?.aborted || NOBODY.has(error.code)) return undefined;
      throw cannotAsk(home, socketPath, error.message);
    });
    if (!response) return;
    response.setEncoding('utf8');
    if (response.statusCode !== 200) throw cannotAsk(home, socketPath, await whole(response));
    yield* linesOf(response);
  } finally {
    signal?.removeEventListener('abort', stop);
    asked.destroy();
  }
}

function answerOf(asked: ReturnType<typeof request>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.on('response', resolve);
    asked.on('error', reject); // stays: a stop after the answer is an error of the request as well
    asked.end();
  });
}

const NO_LISTENER = 'What answers on the control socket is no listener of ours.';

async function whole(response: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of response) {
    text += chunk;
    if (text.length > 65_536) break;
  }
  return text.trim();
}

/** A line that the end of the listener cut short is no look. */
async function* linesOf(response: AsyncIterable<string>): AsyncGenerator<Snapshot> {
  let text = '';
  try {
    for await (const chunk of response) {
      text += chunk;
      if (text.length > MOST_ANSWER) throw new Error(NO_LISTENER);
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 1);
        yield lookOf(line);
      }
    }
  } catch (error) {
    // The listener was killed, or whoever looks has seen enough.
    if (!['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
  }
}

/** @throws Error when it is none */
function lookOf(line: string): Snapshot {
  try {
    const look = JSON.parse(line) as Snapshot;
    if (isStatus(look.status) && isList(look.sources) && isList(look.events)) return look;
  } catch {}
  throw new Error(NO_LISTENER);
}
