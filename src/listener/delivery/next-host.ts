/**
 * Connects to the next host. nodemailer's SMTPConnection does the set-up: addresses, greeting, STARTTLS, AUTH. Its `send`
 * cannot stop between RCPT and DATA, nor give each recipient its own parameters, so after the set-up its socket is taken
 * over by an SmtpChannel. All that reaches into nodemailer stands here.
 */
import { open } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { NextHost } from '../../domain/transport.ts';
import { SmtpChannel } from './smtp-channel.ts';

export interface NextHostSettings extends NextHost {
  readonly tls: 'Opportunistic' | 'Required' | 'None';
  readonly verify: boolean;
  readonly user: string;
  readonly passwordFile: string;
  /** What we call ourselves. */
  readonly name: string;
}

/** Why there is no connection, and the reply for the client (RFC 3463: X.4.x network, X.7.x security, X.3.5 configuration). */
export class NextHostError extends Error {
  constructor(
    message: string,
    readonly reply: string,
  ) {
    super(message);
  }
}

/** @throws NextHostError */
export async function connectNextHost(
  settings: NextHostSettings,
  limitMs: number,
  signal: AbortSignal,
): Promise<SmtpChannel> {
  const password = settings.user ? await readPassword(settings.passwordFile) : '';
  try {
    return await handshake(settings, password, settings.tls, limitMs, signal);
  } catch (error) {
    // Opportunistic: TLS that fails is as good as none (RFC 7435), unless a password would go in the clear.
    const tlsFailed = error instanceof NextHostError && error.reply.includes('4.7.5');
    if (!tlsFailed || settings.tls !== 'Opportunistic' || settings.user || settings.port === 465) throw error;
    return handshake(settings, password, 'None', limitMs, signal);
  }
}

async function readPassword(path: string): Promise<string> {
  const unusable = (why: string) =>
    new NextHostError(`SmartHostPasswordFile ${path} ${why}`, '451 4.3.5 Next host is not configured correctly');
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch (error) {
    throw unusable(`cannot be read (${(error as Error).message})`);
  }
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > 4096) throw unusable('is not a small file');
    if (found.mode & 0o077) throw unusable('can be read by others than its owner; make it private with chmod 600');
    const text = (await file.readFile('utf8')).replace(/\r?\n$/, '');
    if (!text || /[\r\n\0]/.test(text)) throw unusable('does not hold exactly one line');
    return text;
  } finally {
    await file.close();
  }
}

type Taken = Record<
  '_onSocketData' | '_onSocketError' | '_onSocketClose' | '_onSocketEnd' | '_onSocketTimeout',
  () => void
> & {
  readonly _socket: Socket;
};

async function handshake(
  settings: NextHostSettings,
  password: string,
  tls: NextHostSettings['tls'],
  limitMs: number,
  signal: AbortSignal,
): Promise<SmtpChannel> {
  const { default: SMTPConnection } = await import('nodemailer/lib/smtp-connection');
  const connection = new SMTPConnection({
    host: settings.host,
    port: settings.port,
    name: settings.name,
    secure: settings.port === 465, // implicit TLS (RFC 8314 section 3.3)
    requireTLS: tls === 'Required',
    ignoreTLS: tls === 'None',
    opportunisticTLS: tls === 'Opportunistic',
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    dnsTimeout: limitMs,
    socketTimeout: limitMs,
    maxResponseSize: 64 * 1024,
    tls: { rejectUnauthorized: settings.verify, minVersion: 'TLSv1.2' },
  } as ConstructorParameters<typeof SMTPConnection>[0]);
  try {
    await new Promise<void>((resolve, reject) => {
      const stop = () => reject(new Error('the time for it is over'));
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      connection.on('error', reject);
      connection.on('end', () => reject(new Error('the next host closed the connection')));
      connection.connect((error) => {
        if (error) return reject(error);
        if (!settings.user) return resolve();
        if (!connection.secure && settings.tls !== 'None') {
          return reject(new Error('the next host offers no TLS, and the password is not sent without it'));
        }
        connection.login({ user: settings.user, pass: password }, (failed) => (failed ? reject(failed) : resolve()));
      });
    });
  } catch (error) {
    connection.close();
    const { upgrading = false } = connection as unknown as { upgrading?: boolean };
    throw explained(error as SetupError, settings, upgrading);
  }
  const channel = takeOver(connection as unknown as Taken);
  const stop = () => channel.destroy('the time for it is over');
  signal.addEventListener('abort', stop, { once: true });
  try {
    await channel.hello(settings.name);
  } catch (error) {
    channel.destroy();
    throw explained(error as Error, settings, false);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return channel;
}

function takeOver(connection: Taken): SmtpChannel {
  const socket = connection._socket;
  const listeners = {
    data: connection._onSocketData,
    error: connection._onSocketError,
    close: connection._onSocketClose,
    end: connection._onSocketEnd,
    timeout: connection._onSocketTimeout,
  };
  for (const [event, listener] of Object.entries(listeners)) {
    if (
      !socket.listeners(event).some((one) => one === listener || (one as { listener?: unknown }).listener === listener)
    )
      throw new Error(`nodemailer listens to "${event}" in another way than this file knows`);
    socket.removeListener(event, listener);
  }
  return new SmtpChannel(socket);
}

type SetupError = NodeJS.ErrnoException & { readonly originalCode?: string };

/** `duringTls`: it failed between STARTTLS and the end of the handshake. */
function explained(error: SetupError, settings: NextHostSettings, duringTls: boolean): NextHostError {
  const code = error.originalCode ?? error.code ?? '';
  const where = `${settings.host}:${settings.port}`;
  const say = (reply: string) => new NextHostError(`${where}: ${error.message}`, reply);
  if (duringTls || error.code === 'ETLS' || /^ERR_(TLS|SSL)|CERT|SELF_SIGNED|UNABLE_TO/.test(code))
    return say('451 4.7.5 No secure connection to the next host');
  if (error.code === 'EAUTH' || /password is not sent/.test(error.message))
    return say('451 4.7.8 Next host did not take our authentication');
  if (code === 'EDNS' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return say('451 4.4.4 The next host cannot be found');
  return say('451 4.4.1 No answer from the next host');
}
