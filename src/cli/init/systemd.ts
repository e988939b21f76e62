/**
 * `rc init systemd`: the unit that runs `rc serve` as a service, and with --socket the unit that opens its ports. Everything
 * that the listener does not need is taken from it (systemd.exec(5)); docs/service.md says how to install them.
 */
import { readFileSync, statSync } from 'node:fs';
import { readConnector } from '../../domain/connector.ts';
import { anyAddress } from '../../domain/selection.ts';
import type { Binding } from '../../domain/value.ts';
import { usage } from '../../pipeline/error.ts';
import { type Home, homeAt } from '../../store/home.ts';
import { Store } from '../../store/store.ts';
import { show } from '../../text/printable.ts';

/** `rc.service` is taken: Debian masks it for the sake of its old init script of that name. */
export const UNIT = 'receive-connector';

const STATE_HOME = `/var/lib/${UNIT}`;

export interface UnitRequest {
  /** node and bin/rc, as absolute paths. */
  readonly command: readonly string[];
  /** The home, when one was named; else the service gets one of its own. */
  readonly home: string | undefined;
  /** User and group of the home, when it was named and is there. */
  readonly owner: { readonly user: string; readonly group: string } | undefined;
  /** A unit of `systemctl --user`. */
  readonly user: boolean;
  /** $XDG_RUNTIME_DIR of who runs it with `systemctl --user`. */
  readonly runtimeFolder: string;
  /** 253 and later know notify-reload and OpenFile=. */
  readonly systemdVersion: number;
}

const NOTIFY_RELOAD = 253;

/** The service unit. */
export function serviceUnit(request: UnitRequest): string {
  const { home, user, systemdVersion } = request;
  const modern = systemdVersion >= NOTIFY_RELOAD;
  const folder = user ? '~/.config/systemd/user' : '/etc/systemd/system';
  const at = home ?? (user ? undefined : STATE_HOME);
  // OpenFile= wants a path as it is, without specifiers such as %t.
  const notifySocket = `${user ? request.runtimeFolder : '/run'}/systemd/notify`;
  const noted = unreadable(request.command);
  return lines(
    `# ${folder}/${UNIT}.service, as printed by: rc init systemd${user ? ' --user' : ''}`,
    ...(noted && !user
      ? [`# CAREFUL: ${noted} is in somebody's home, where a service may not look. Install Node and rc for all.`]
      : []),
    '[Unit]',
    'Description=SMTP receive connectors',
    'Documentation=man:rc(1)',
    ...(user ? [] : ['After=network.target', `Wants=${UNIT}.socket`]),
    '',
    '[Service]',
    modern ? 'Type=notify-reload' : 'Type=notify',
    ...(modern
      ? [
          '# The socket that the listener says READY=1 to, opened for it: Node has none of that kind.',
          `OpenFile=${notifySocket}:notify:graceful`,
        ]
      : ['# SIGHUP reads the store at once and opens the event log anew.', 'ExecReload=/bin/kill -HUP $MAINPID']),
    `# systemd-notify(1)${modern ? ', should that fail,' : ''} says it from a process of its own.`,
    'NotifyAccess=all',
    'WatchdogSec=30',
    `ExecStart=${commandLine([...request.command, 'serve'])}`,
    ...(at === undefined ? [] : [`Environment=${unitWord(`RC_HOME=${at}`)}`]),
    '# Memory that clients made it take goes back to the system sooner (docs/decisions/0150).',
    'Environment=MALLOC_TRIM_THRESHOLD_=131072',
    'Restart=on-failure',
    'RestartSec=2',
    '# Sessions may finish their message within 10 seconds.',
    'TimeoutStopSec=30',
    'KillMode=mixed',
    'UMask=0077',
    'LimitNOFILE=65536',
    ...(user ? [] : sandbox(request)),
    '',
    '[Install]',
    `WantedBy=${user ? 'default' : 'multi-user'}.target`,
  );
}

function sandbox({ home, owner }: UnitRequest): string[] {
  return [
    '',
    ...(home === undefined
      ? [
          `# A user of its own that exists while it runs; the home is ${STATE_HOME}. From outside: sudo rc --home ${STATE_HOME} get`,
          'DynamicUser=yes',
          `StateDirectory=${UNIT}`,
          'StateDirectoryMode=0700',
        ]
      : [
          owner?.user === 'root'
            ? '# CAREFUL: the home is root’s, so this runs as root. Give it to a user of its own: chown -R'
            : '# Whom the home belongs to.',
          `User=${owner?.user ?? 'rc'}`,
          `Group=${owner?.group ?? 'rc'}`,
          `ReadWritePaths=${unitWord(home)}`,
        ]),
    `# Ports below 1024. With ${UNIT}.socket (rc init systemd --socket) neither is needed: let both be empty.`,
    'AmbientCapabilities=CAP_NET_BIND_SERVICE',
    'CapabilityBoundingSet=CAP_NET_BIND_SERVICE',
    '',
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
    'ProtectHome=read-only',
    'PrivateTmp=yes',
    'PrivateDevices=yes',
    'ProtectClock=yes',
    'ProtectHostname=yes',
    'ProtectKernelLogs=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelTunables=yes',
    'ProtectControlGroups=yes',
    'LockPersonality=yes',
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    '# AF_NETLINK: the addresses of this host. MemoryDenyWriteExecute= is not possible: Node compiles while it runs.',
    'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
    'SystemCallArchitectures=native',
    'SystemCallFilter=@system-service',
    'SystemCallErrorNumber=EPERM',
  ];
}

/** The socket unit for these bindings. */
export function socketUnit(bindings: readonly Binding[], user: boolean): string {
  const all = new Set(bindings.map(String));
  // One on all addresses takes those of the single ones too, and they cannot stand beside each other.
  const needed = bindings.filter((b) => {
    const any = anyAddress(b.address);
    return b.address === any || !all.has(b.family === 6 ? `[::]:${b.port}` : `0.0.0.0:${b.port}`);
  });
  const folder = user ? '~/.config/systemd/user' : '/etc/systemd/system';
  return lines(
    `# ${folder}/${UNIT}.socket, as printed by: rc init systemd --socket${user ? ' --user' : ''}`,
    '# The bindings of the connectors that are enabled now. A binding that comes later and is not here is opened by the',
    '# listener itself, if it may; one that no connector wants any more answers 421 until it is taken out.',
    '[Unit]',
    'Description=Sockets of the SMTP receive connectors',
    'Documentation=man:rc(1)',
    '',
    '[Socket]',
    ...[...new Set(needed.map(String))].map((binding) => `ListenStream=${binding}`),
    '# [::] takes IPv6 alone, as the listener has it: 0.0.0.0 can be another connector.',
    'BindIPv6Only=ipv6-only',
    '# A single address may be given to this host after the start.',
    'FreeBind=yes',
    'Backlog=4096',
    '',
    '[Install]',
    'WantedBy=sockets.target',
  );
}

/** The home that the service unit gives itself, once it is there. */
export function serviceHome(): Home | undefined {
  const home = homeAt(STATE_HOME);
  return statSync(home.store, { throwIfNoEntry: false }) ? home : undefined;
}

/** Bindings of the enabled connectors; those of first use when there is no store, which this does not make. */
export function enabledBindings(home: Home): Binding[] {
  if (!statSync(home.store, { throwIfNoEntry: false })) return [];
  const { connectors, server } = new Store(home).read();
  const site = { server: server.name, fqdn: server.fqdn };
  return connectors
    .map((stored) => readConnector(stored, site, () => {}))
    .filter((connector) => connector.Enabled)
    .flatMap((connector) => [...connector.Bindings]);
}

/** Whom a folder belongs to, by name where /etc/passwd and /etc/group know it. */
export function ownerOf(folder: string): { user: string; group: string } | undefined {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat) return undefined;
  return { user: nameIn('/etc/passwd', stat.uid), group: nameIn('/etc/group', stat.gid) };
}

function nameIn(file: string, id: number): string {
  try {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const [name, , number] = line.split(':');
      if (name && Number(number) === id && number !== '') return name;
    }
  } catch {}
  return String(id);
}

/** 0 when there is no systemd here. */
export function installedSystemd(): number {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { stdout } = spawnSync('systemctl', ['--version'], { encoding: 'utf8', timeout: 5000 });
  return Number(/^systemd (\d+)/.exec(stdout ?? '')?.[1] ?? 0);
}

function unreadable(command: readonly string[]): string | undefined {
  return command.find((path) => /^\/(home|root)\//.test(path));
}

/** `$` begins a variable in a command line, but not in the program's own path (systemd.service(5), "COMMAND LINES"). */
function commandLine([program = '', ...words]: readonly string[]): string {
  return [program, ...words.map((word) => word.replaceAll('$', '$$$$'))].map(unitWord).join(' ');
}

/** A word in a unit: `%` begins a specifier, quotes and backslashes quote (systemd.syntax(7)). */
function unitWord(text: string): string {
  if (/[\u0000-\u001f\u007f]/.test(text))
    throw usage(`${show(text)} cannot stand in a unit of systemd: it has a control character. Choose another path.`);
  const safe = text.replaceAll('%', '%%');
  return /[\s"'\\;]/.test(safe) ? `"${safe.replace(/["\\]/g, '\\$&')}"` : safe;
}

function lines(...text: readonly string[]): string {
  return `${text.join('\n')}\n`;
}
