/** Where a fleet's engine is: `redis://[USER@]HOST[:PORT][/DATABASE]`, or `rediss://` with TLS. Never with a password in it. */
import { bracketed } from '../text/bracketed.ts';
import { show } from '../text/printable.ts';

export interface EngineAddress {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** ACL user; the engine's default one when left out. */
  readonly user?: string;
  readonly database: number;
}

const USUAL_PORT = 6379;
const FORM = 'Give redis://HOST:PORT, or rediss://USER@HOST:PORT/DATABASE with TLS.';

/** @throws Error that says what is wrong and what to type; the text may hold a password, so it is not repeated then */
export function parseEngineAddress(text: string): EngineAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.password || /^[^/]*:\/\/[^/@]*:[^/@]*@/.test(text))
    throw new Error(
      'The address has a password in it, which every user of the machine could see. Leave it out, and give it with --password-file FILE, or when it is asked for.',
    );
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    if (text.trim() === '') throw new Error(`Where the fleet's engine is, a Redis or Valkey, is not said. ${FORM}`);
    const port = /:(\d{5,})\/?\d*$/.exec(text)?.[1];
    if (Number(port) > 65_535) throw new Error(`The port ${port} is not between 1 and 65535. ${FORM}`);
    const where = /:\/\//.test(text) ? '' : ` Perhaps: redis://${text}`;
    throw new Error(`${show(text)} is no address of an engine. ${FORM}${where}`);
  }
  const database = url.pathname.replace(/^\/|\/$/g, '');
  if (!/^\d{0,4}$/.test(database) || url.search || url.hash)
    throw new Error(`${show(text)} has more in it than host, port and number of a database. ${FORM}`);
  const user = decodeURIComponent(url.username);
  return {
    tls: url.protocol === 'rediss:',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : USUAL_PORT,
    ...(user ? { user } : {}),
    database: Number(database || 0),
  };
}

/** As it is typed and shown. */
export function engineUrl({ tls, host, port, user, database }: EngineAddress): string {
  const who = user ? `${encodeURIComponent(user)}@` : '';
  return `${tls ? 'rediss' : 'redis'}://${who}${bracketed(host)}:${port}${database ? `/${database}` : ''}`;
}
