// The peers to compare with: each is found, started on a free port of 127.0.0.1, and told as missing when it is not here.
import { freePort, greets } from './bench.mjs';
import * as aiosmtpd from './peers/aiosmtpd.mjs';
import * as haraka from './peers/haraka.mjs';
import * as postfix from './peers/postfix.mjs';
import * as smtpServer from './peers/smtp-server.mjs';
import * as smtpSink from './peers/smtp-sink.mjs';

export const PEERS = {
  Postfix: postfix,
  Haraka: haraka,
  aiosmtpd,
  'plain smtp-server': smtpServer,
  'smtp-sink': smtpSink,
};

/** Starts a peer. @returns `{ name, port, pid, stop }` and what the peer adds, or `{ name, missing }` with the reason */
export async function startPeer(name, options) {
  const { missing, version } = PEERS[name].find();
  if (missing) return { name, missing };
  const port = await freePort();
  try {
    const running = await PEERS[name].start(port, options);
    await greets(port);
    return { name, port, version, ...running };
  } catch (error) {
    return { name, missing: `did not start: ${error.message.split('\n')[0]}` };
  }
}

/** What the peers on this machine are, for the head of the report. */
export function versions() {
  return Object.entries(PEERS).map(([name, peer]) => {
    const { missing, version } = peer.find();
    return [name, missing ?? version];
  });
}
