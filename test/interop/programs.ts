/**
 * Real mail programs, each on loopback with a folder of its own, handing on everything they take to one next host. Postfix is
 * installed; Exim and OpenSMTPD have fixed paths and run in a mount namespace where those are theirs (install.sh).
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { onPath } from '../support/tools.ts';
import { until } from '../support/until.ts';

/** Where install.sh unpacks. */
const UNPACKED = '/var/cache/rc-interop';
const PATIENCE = 30_000;

/** Recipients here are refused by every one of them, as unknown. */
export const UNKNOWN = 'unknown.example';

export interface Running {
  readonly port: number;
  /** Everything it logged. */
  log(): string;
  /** Tries what waits in its queue now. */
  flush(): unknown;
}

export interface MailProgram {
  readonly name: string;
  /** Its binary, when it is there. */
  readonly binary: string | undefined;
  start(nextPort: number): Promise<Running>;
}

export function unpacked(file: string): string | undefined {
  const path = join(UNPACKED, file);
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}

/** A folder that the programs' own users can reach. */
export function folderFor(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `rc-${name}-`));
  chmodSync(folder, 0o755);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

export interface Spawned {
  readonly child: ChildProcess;
  output: string;
  ended: boolean;
}

export function run(command: string, args: readonly string[], stop: (child: ChildProcess) => void): Spawned {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const spawned: Spawned = { child, output: '', ended: false };
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      spawned.output += text;
    });
  child.on('close', () => {
    spawned.ended = true;
  });
  onTestFinished(async () => {
    if (!spawned.ended) stop(child);
    await until(`the end of ${command}`, () => spawned.ended, { timeout: PATIENCE });
  });
  return spawned;
}

export async function listening(
  name: string,
  spawned: Spawned,
  log: () => string,
  ready: () => boolean,
): Promise<void> {
  await until(`${name} to listen`, () => spawned.ended || ready(), { timeout: PATIENCE });
  if (spawned.ended) throw new Error(`${name} ended: ${log()}`);
}

/** In a mount namespace: what `script` mounts is seen by the program alone. */
function inNamespace(folder: string, script: string): Spawned {
  const file = join(folder, 'start.sh');
  writeFileSync(file, `set -e\n${script}\n`);
  return run('unshare', ['--mount', 'bash', file], (child) => child.kill('SIGTERM'));
}

function insideOf(spawned: Spawned, ...command: string[]): string {
  return execFileSync('nsenter', ['--target', String(spawned.child.pid), '--mount', ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: PATIENCE,
  });
}

/** `lines` more for its main.cf. */
interface Postfix extends MailProgram {
  start(nextPort: number, lines?: readonly string[]): Promise<Running>;
}

export const postfix: Postfix = {
  name: 'Postfix',
  binary: onPath('postfix'),
  async start(nextPort, lines = ['smtp_tls_security_level = none']) {
    const folder = folderFor('postfix');
    const port = await freePort();
    for (const name of ['queue', 'data']) mkdirSync(join(folder, name));
    execFileSync('chown', ['postfix', join(folder, 'data')]);
    writeFileSync(join(folder, 'unknown'), `${UNKNOWN} 550 5.1.1 User unknown\n`);
    writeFileSync(
      join(folder, 'main.cf'),
      `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = /dev/stdout
myhostname = postfix.example.com
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:${nextPort}
alias_maps =
alias_database =
smtpd_helo_required = yes
smtpd_recipient_restrictions = check_recipient_access texthash:${folder}/unknown
${lines.join('\n')}
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
biff = no
`,
    );
    const services =
      'cleanup qmgr rewrite:trivial-rewrite bounce defer:bounce trace:bounce proxymap smtp showq error retry:error';
    const entries = `${services} tlsmgr anvil scache flush`.split(' ').map((service) => {
      const [name, program = name] = service.split(':');
      const wakes = name === 'qmgr' || name === 'flush' ? '300' : '-';
      const shared = /^(?:cleanup|qmgr|showq|flush)$/.test(name!) ? 'n' : '-'; // in queue/public, else in queue/private
      return `${name} unix ${shared} - n ${wakes} ${/^(?:qmgr|tlsmgr)$/.test(name!) ? 1 : 0} ${program}`;
    });
    writeFileSync(
      join(folder, 'master.cf'),
      [
        `127.0.0.1:${port} inet n - n - - smtpd`,
        'pickup unix n - n 60 1 pickup',
        ...entries,
        'postlog unix-dgram n - n - 1 postlogd',
        '',
      ].join('\n'),
    );
    // Its log daemon is another user and opens /dev/stdout by name, so that has to be a file.
    const script = `exec postfix -c ${folder} start-fg > ${folder}/log 2>&1`;
    const spawned = run('bash', ['-c', `PATH=$PATH:/usr/sbin; ${script}`], () =>
      execFileSync('/usr/sbin/postfix', ['-c', folder, 'stop'], { stdio: 'ignore', timeout: PATIENCE }),
    );
    const log = () => readIfThere(join(folder, 'log'));
    await listening('Postfix', spawned, log, () => log().includes('daemon started'));
    return {
      port,
      log,
      flush: () => execFileSync('/usr/sbin/postfix', ['-c', folder, 'flush'], { stdio: 'ignore', timeout: PATIENCE }),
    };
  },
};

export const exim: MailProgram = {
  name: 'Exim',
  binary: unpacked('usr/sbin/exim4'),
  async start(nextPort) {
    const folder = folderFor('exim');
    const port = await freePort();
    for (const name of ['spool', 'log']) mkdirSync(join(folder, name));
    execFileSync('chown', ['Debian-exim', join(folder, 'spool'), join(folder, 'log')]);
    writeFileSync(
      join(folder, 'config'),
      `exim_path = ${exim.binary}
spool_directory = ${folder}/spool
keep_environment =
log_file_path = ${folder}/log/%slog
log_selector = +smtp_confirmation +smtp_connection
pid_file_path = ${folder}/spool/pid
primary_hostname = exim.example.com
local_interfaces = <; [127.0.0.1]:${port}
acl_smtp_rcpt = check_rcpt
acl_smtp_data = accept
host_lookup =
rfc1413_query_timeout = 0s
tls_advertise_hosts =
never_users =
begin acl
check_rcpt:
  deny domains = ${UNKNOWN}
       message = 5.1.1 User unknown
  accept
begin routers
next:
  driver = manualroute
  route_list = * "127.0.0.1::${nextPort}"
  transport = smtp
  self = send
begin transports
smtp:
  driver = smtp
  allow_localhost = true
  hosts_avoid_tls = *
begin retry
* * F,1h,1s
`,
    );
    const spawned = inNamespace(
      folder,
      `mount -t tmpfs tmpfs /var/lib
mkdir -p /var/lib/exim4
cp ${folder}/config /var/lib/exim4/config.autogenerated
exec ${exim.binary} -bdf -q10m`,
    );
    const log = () => spawned.output + readIfThere(join(folder, 'log', 'mainlog'));
    await listening('Exim', spawned, log, () => log().includes('daemon started'));
    return { port, log, flush: () => insideOf(spawned, exim.binary!, '-qff') };
  },
};

export const openSmtpd: MailProgram = {
  name: 'OpenSMTPD',
  binary: unpacked('usr/sbin/smtpd'),
  async start(nextPort) {
    const folder = folderFor('opensmtpd');
    const port = await freePort();
    writeFileSync(
      join(folder, 'smtpd.conf'),
      `listen on 127.0.0.1 port ${port} hostname opensmtpd.example.com
action "out" relay host smtp+notls://127.0.0.1:${nextPort} helo opensmtpd.example.com
match from any for domain "${UNKNOWN}" reject
match from any for any action "out"
`,
    );
    const spawned = inNamespace(
      folder,
      `mount -t tmpfs -o mode=755 tmpfs /var/spool
mount -t tmpfs -o mode=755 tmpfs /var/lib
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /var/spool/smtpd /var/lib/opensmtpd/empty /run/lock
chmod 711 /var/spool/smtpd
exec ${openSmtpd.binary} -d -v -f ${folder}/smtpd.conf`,
    );
    const log = () => spawned.output;
    await listening('OpenSMTPD', spawned, log, () => log().includes('offline scanning done'));
    return {
      port,
      log,
      flush: () => {
        const smtpctl = join(UNPACKED, 'usr/sbin/smtpctl');
        // After a failure it leaves the way alone for 15 s and more.
        for (const [, route] of insideOf(spawned, smtpctl, 'show', 'routes').matchAll(/^\s*(\d+)\./gm))
          insideOf(spawned, smtpctl, 'resume', 'route', route!);
        insideOf(spawned, smtpctl, 'schedule', 'all');
      },
    };
  },
};
