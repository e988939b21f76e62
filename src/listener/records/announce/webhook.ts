/**
 * EventWebhook: each event as a POST of JSON. With a secret it is signed: `X-RC-Signature: sha256=HEX`, the HMAC-SHA256 of
 * the timestamp in `X-RC-Timestamp`, a full stop, and the body; so a receiver knows who sent it, and when.
 */
import { createHmac } from 'node:crypto';
import { readSecretFile, SecretFileError } from '../../../store/secret-file.ts';
import type { Announcement } from './announcement.ts';

const TIMEOUT_MS = 10_000;

/** @throws Error that says why it was not taken: anything but a 2xx, redirections too */
export async function postEvent(
  { url, secretFile }: { readonly url: string; readonly secretFile: string },
  event: Announcement,
  signal: AbortSignal,
): Promise<void> {
  const body = JSON.stringify(event);
  const seconds = String(Math.floor(Date.parse(event.time) / 1000));
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'receive-connector',
    'x-rc-event': String(event.id),
    'x-rc-delivery': event.delivery,
    'x-rc-timestamp': seconds,
  };
  if (secretFile) {
    try {
      headers['x-rc-signature'] =
        `sha256=${createHmac('sha256', readSecretFile(secretFile)).update(`${seconds}.${body}`).digest('hex')}`;
    } catch (error) {
      if (error instanceof SecretFileError) throw new Error(`EventWebhookSecretFile ${secretFile} ${error.message}`);
      throw error;
    }
  }
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual', // the address that was set is the one that gets them
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  } catch (error) {
    const { name, cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
    throw new Error(name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : (cause?.code ?? message));
  }
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answered ${response.status}`);
}
