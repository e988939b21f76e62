/** AUTH as a client (RFC 4954): PLAIN (RFC 4616), LOGIN, CRAM-MD5 (RFC 2195), whichever the server offers. */
import { createHmac } from 'node:crypto';
import type { SmtpClient } from './client.ts';
import type { ServerReply } from './reply-reader.ts';

/** A longer first response goes into a line of its own: command lines have 512 octets (RFC 4954 section 4). */
const LONGEST_INITIAL = 490;

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');

/** Mechanisms we speak. In the clear the one that does not show the password comes first. */
function preferred(secure: boolean): readonly string[] {
  return secure ? ['PLAIN', 'LOGIN', 'CRAM-MD5'] : ['CRAM-MD5', 'PLAIN', 'LOGIN'];
}

/** The mechanism to use; nothing when the server offers none that we speak. */
export function mechanismFor(client: Pick<SmtpClient, 'extensions' | 'secure'>): string | undefined {
  const offered = (client.extensions.get('AUTH') ?? '').toUpperCase().split(/\s+/);
  return preferred(client.secure).find((name) => offered.includes(name));
}

/** Logs on. The last reply: 235 when it was taken. @throws ConnectionOver */
export async function authenticate(
  client: SmtpClient,
  mechanism: string,
  user: string,
  password: string,
): Promise<ServerReply> {
  if (mechanism === 'PLAIN') {
    const response = base64(`\0${user}\0${password}`);
    const first = response.length <= LONGEST_INITIAL ? ` ${response}` : '';
    const reply = await client.command(`AUTH PLAIN${first}`);
    return reply.code === 334 ? client.command(response) : reply;
  }
  const challenge = await client.command(`AUTH ${mechanism}`);
  if (challenge.code !== 334) return challenge;
  if (mechanism === 'LOGIN') {
    const second = await client.command(base64(user));
    return second.code === 334 ? client.command(base64(password)) : second;
  }
  const said = Buffer.from(challenge.text, 'base64');
  return client.command(base64(`${user} ${createHmac('md5', password).update(said).digest('hex')}`));
}
