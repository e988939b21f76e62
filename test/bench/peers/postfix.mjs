// Postfix on loopback, in a folder of its own beside the one the system has: master, smtpd, cleanup, queue manager and a
// delivery agent as it comes, nothing tuned away but DNS. A message is answered when the queue file is synced.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { end, note } from '../processes.mjs';

const PATH = `${process.env.PATH}:/usr/sbin:/usr/lib/postfix/sbin:/usr/libexec/postfix`;
const NOBODY = 65534;

/** @returns its version, or why it cannot run here */
export function find() {
  const asked = spawnSync('postconf', ['-h', 'mail_version'], { env: { PATH }, encoding: 'utf8' });
  if (asked.status !== 0) return { missing: 'not installed (Debian package postfix)' };
  if (process.getuid?.() !== 0) return { missing: 'its master process needs root' };
  return { version: asked.stdout.trim() };
}

/** @param delivery `discard`, or `maildir` to deliver into a Maildir @param perSource connections one source may have */
export async function start(port, { delivery = 'discard', perSource = 100 } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-bench-postfix-'));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  fs.chmodSync(folder, 0o755);
  const conf = path.join(folder, 'conf');
  for (const name of ['conf', 'queue', 'data', 'mail']) fs.mkdirSync(path.join(folder, name), { mode: 0o755 });
  execFileSync('chown', ['postfix', path.join(folder, 'data')]);
  fs.chownSync(path.join(folder, 'mail'), NOBODY, NOBODY);
  const ask = (name) => execFileSync('postconf', ['-h', name], { env: { PATH }, encoding: 'utf8' }).trim();
  const daemons = ask('daemon_directory');
  fs.writeFileSync(path.join(conf, 'main.cf'), mainCf({ folder, daemons, delivery, perSource }));
  fs.writeFileSync(path.join(conf, 'master.cf'), masterCf(port));
  const postfix = (...args) =>
    execFileSync('postfix', ['-c', conf, ...args], {
      env: { PATH, MAIL_CONFIG: conf },
      stdio: 'pipe',
      timeout: 20_000,
    });
  postfix('start');
  const pid = Number(fs.readFileSync(path.join(folder, 'queue/pid/master.pid'), 'utf8'));
  note(pid, 'SIGTERM'); // it ends its own then
  return {
    pid,
    folder,
    conf,
    mailbox: path.join(folder, 'mail/box/new'),
    stop: () => end(pid, 'SIGTERM'),
    /** A limit set and taken over, the way its administrators do. */
    commands: (limit) => [
      ['postconf', '-c', conf, '-e', `smtpd_client_connection_count_limit=${limit}`],
      ['postfix', '-c', conf, 'reload'],
    ],
    env: { ...process.env, PATH },
  };
}

function mainCf({ folder, daemons, delivery, perSource }) {
  const deliver =
    delivery === 'maildir'
      ? `virtual_mailbox_domains = contoso.com
virtual_mailbox_base = ${folder}/mail
virtual_mailbox_maps = static:box/
virtual_minimum_uid = 100
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}`
      : `mydestination = contoso.com
local_recipient_maps =
local_transport = discard:`;
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = ${daemons}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = peer.test
${delivery === 'maildir' ? 'mydestination =' : ''}
mynetworks = 127.0.0.0/8
default_transport = discard:
alias_maps =
${deliver}
maillog_file = ${folder}/mail.log
maillog_file_prefixes = ${folder}
smtpd_client_connection_count_limit = ${perSource}
smtpd_client_event_limit_exceptions =
default_process_limit = 200
smtpd_peername_lookup = no
smtpd_recipient_restrictions = permit_mynetworks, reject
disable_dns_lookups = yes
`;
}

/** The services of Debian's master.cf that take, queue and deliver; none of them in a chroot. */
function masterCf(port) {
  const services = [
    `${port} inet n - n - - smtpd`,
    'postlog unix-dgram n - n - 1 postlogd',
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'proxywrite unix - - n - 1 proxymap',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'discard unix - - n - - discard',
    'local unix - n n - - local',
    'virtual unix - n n - - virtual',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
  ];
  return `${services.join('\n')}\n`;
}
