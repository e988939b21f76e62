/** A connection to the next host that is ready for mail: TLS and logon as the settings say. Why there is none, in its own words. */
import { X509Certificate } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { NextHost } from '../../domain/next-host.ts';
import { authenticate, mechanismFor } from '../../smtp/client/authenticate.ts';
import { ConnectionOver, SmtpClient } from '../../smtp/client/client.ts';
import { connectTo, tlsTo } from '../../smtp/client/connect.ts';
import { inOneLine, isGood, type ServerReply } from '../../smtp/client/reply-reader.ts';
import { readSecretFile, SecretFileError } from '../../store/secret-file.ts';
import { passedOn, type Rejection } from '../refusal/reply.ts';
import { asOurs } from './their-reply.ts';

export interface NextHostSettings extends NextHost {
  readonly tls: 'Opportunistic' | 'Required' | 'None';
  readonly verify: boolean;
  /** PEM file of the authorities to trust; empty for those that Node.js comes with. */
  readonly caFile: string;
  readonly user: string;
  readonly passwordFile: string;
  /** What we call ourselves. */
  readonly name: string;
}

/** Submissions with implicit TLS (RFC 8314 section 3.3). */
const TLS_PORT = 465;

const MISCONFIGURED = passedOn(451, '4.3.5', 'Next host is not configured correctly');
const NOT_AUTHENTICATED = passedOn(451, '4.7.8', 'Next host did not take our authentication');
const NOT_FOUND = passedOn(451, '4.4.4', 'The next host cannot be found');
const NO_ANSWER = passedOn(451, '4.4.1', 'No answer from the next host');

/** Why there is no connection, and the reply for the client (RFC 3463: X.3.x and X.4.x system and network, X.7.x security). */
export class NextHostError extends Error {
  constructor(
    message: string,
    readonly reply: Rejection,
    /** It takes no more connections at this moment. */
    readonly full = false,
  ) {
    super(message);
  }
}

/** @throws NextHostError */
export async function connectNextHost(
  settings: NextHostSettings,
  limitMs: number,
  signal: AbortSignal,
): Promise<SmtpClient> {
  const secrets: Secrets = {
    password: settings.user ? readPassword(settings.passwordFile) : '',
    ca: settings.verify && settings.caFile ? await readAuthorities(settings.caFile) : undefined,
  };
  try {
    return await handshake(settings, secrets, settings.tls, limitMs, signal);
  } catch (error) {
    // Opportunistic: TLS that fails is as good as none (RFC 7435), unless a password would go in the clear.
    const tlsFailed = error instanceof ConnectionOver && error.kind === 'tls';
    const goOn = tlsFailed && settings.tls === 'Opportunistic' && !settings.user && settings.port !== TLS_PORT;
    if (!goOn || signal.aborted) throw explained(error as Error, settings);
  }
  return handshake(settings, secrets, 'None', limitMs, signal).catch((error) => {
    throw explained(error as Error, settings);
  });
}

/** What files hold for a connection. */
interface Secrets {
  readonly password: string;
  readonly ca: string | undefined;
}

/** In bytes. */
const LARGEST_CA_FILE = 1024 * 1024;

function unusable(setting: string, path: string, why: string): NextHostError {
  return new NextHostError(`${setting} ${path} ${why}`, MISCONFIGURED);
}

/** @throws NextHostError */
function readPassword(path: string): string {
  try {
    return readSecretFile(path);
  } catch (error) {
    if (!(error instanceof SecretFileError)) throw error;
    throw unusable('SmartHostPasswordFile', path, error.message);
  }
}

/** @throws NextHostError */
async function readAuthorities(path: string): Promise<string> {
  const setting = 'SmartHostTlsCaFile';
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: Error) => {
    throw unusable(setting, path, `cannot be read (${error.message})`);
  });
  let text: string;
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > LARGEST_CA_FILE) throw unusable(setting, path, 'is not a small file');
    text = (await file.readFile('utf8')).replace(/^\ufeff/, '');
  } finally {
    await file.close();
  }
  try {
    createSecureContext({ ca: text });
    new X509Certificate(text);
  } catch (error) {
    throw unusable(setting, path, `holds no certificates in PEM (${(error as Error).message})`);
  }
  return text;
}

async function handshake(
  settings: NextHostSettings,
  { password, ca }: Secrets,
  tls: NextHostSettings['tls'],
  limitMs: number,
  signal: AbortSignal,
): Promise<SmtpClient> {
  const secured = tlsTo(settings.host, settings.verify, ca);
  const socket = await connectTo(settings, limitMs, settings.port === TLS_PORT ? secured : undefined);
  const client = new SmtpClient(socket);
  const stop = () => client.destroy('the time for it is over');
  const timer = setTimeout(stop, limitMs);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    agreed(await client.reply(), settings, 'does not take the connection');
    agreed(await client.hello(settings.name), settings, `does not take our name ${settings.name}`);
    if (!client.secure && tls !== 'None') await secure(client, settings, tls, secured);
    if (settings.user) await logOn(client, settings, password, tls);
    return client;
  } catch (error) {
    if (error instanceof NextHostError) client.quit();
    else client.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/**
 * A host that turns us away says why, and its words go on. It is about the connection, not about the message: another try may
 * fare better, so it is temporary even where the host says 5xx (Postfix does the same, smtp_skip_5xx_greeting).
 */
function agreed(reply: ServerReply, { host, port }: NextHostSettings, what: string): void {
  if (isGood(reply)) return;
  const said = `Next host ${what}: ${inOneLine(reply)}`;
  const enhanced = reply.enhanced.startsWith('4.') ? reply.enhanced : '4.3.2';
  throw new NextHostError(`${host}:${port}: ${said}`, asOurs({ code: 451, enhanced, text: said }), reply.code === 421);
}

const NOT_SECURE = passedOn(451, '4.7.5', 'No secure connection to the next host');

async function secure(
  client: SmtpClient,
  settings: NextHostSettings,
  tls: NextHostSettings['tls'],
  options: ReturnType<typeof tlsTo>,
): Promise<void> {
  const where = `${settings.host}:${settings.port}`;
  if (!client.extensions.has('STARTTLS')) {
    if (tls === 'Required') throw new NextHostError(`${where}: it does not offer STARTTLS`, NOT_SECURE);
    return;
  }
  const reply = await client.startTls(options);
  if (client.secure) agreed(await client.ehlo(settings.name), settings, `does not take our name ${settings.name}`);
  else if (tls === 'Required') {
    const said = inOneLine(reply);
    throw new NextHostError(
      `${where}: STARTTLS was answered ${said}`,
      passedOn(451, '4.7.5', `${NOT_SECURE.text}: ${said}`),
    );
  }
}

async function logOn(
  client: SmtpClient,
  settings: NextHostSettings,
  password: string,
  tls: NextHostSettings['tls'],
): Promise<void> {
  // What the host says to a logon may name the user: it goes into the event, not to whoever sent a message.
  const refused = (why: string) => new NextHostError(`${settings.host}:${settings.port}: ${why}`, NOT_AUTHENTICATED);
  if (!client.secure && tls !== 'None')
    throw refused('it offers no TLS, and the password is not sent without it unless SmartHostTls is None');
  const mechanism = mechanismFor(client);
  if (!mechanism) {
    const offered = client.extensions.get('AUTH');
    throw refused(offered ? `it offers AUTH ${offered}, and we speak PLAIN, LOGIN and CRAM-MD5` : 'it offers no AUTH');
  }
  const reply = await authenticate(client, mechanism, settings.user, password);
  if (!isGood(reply)) throw refused(`AUTH ${mechanism} as ${settings.user} was answered ${inOneLine(reply)}`);
}

function explained(error: Error & { readonly code?: string }, settings: NextHostSettings): NextHostError {
  if (error instanceof NextHostError) return error;
  const say = (reply: Rejection) => new NextHostError(`${settings.host}:${settings.port}: ${error.message}`, reply);
  if (error instanceof ConnectionOver && error.kind === 'tls') return say(NOT_SECURE);
  const { code = '' } = error;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA') return say(NOT_FOUND);
  return say(NO_ANSWER);
}
