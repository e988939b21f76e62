/** Bindings that cannot be opened: tried for a moment, as the listener would. */
import { createServer, type Server } from 'node:net';
import type { Connector } from '../domain/connector.ts';
import type { Severity } from '../domain/finding.ts';
import { bindFailure, coveredBy, namesOf, type Wanted, wantedBindings } from '../domain/wanted-bindings.ts';
import type { CheckFinding } from './finding.ts';
import { ownAddresses } from './own-addresses.ts';

interface BindingCheck {
  /** Bindings that a listener holds. */
  readonly held: readonly Wanted[];
  readonly free: readonly Wanted[];
  readonly findings: readonly CheckFinding[];
}

/**
 * @param held texts of bindings that the running listener knows, open or not: it tells of those itself
 * @param denied how bad it is that this user may not open a port; a listener may run as another one
 */
export async function tryBindings(
  connectors: Iterable<Connector>,
  held: Iterable<string>,
  denied: Severity,
): Promise<BindingCheck> {
  const wanted = wantedBindings(connectors);
  const taken = new Map([...held].map((key) => [key, true]));
  const isHeld = ([key, { binding }]: [string, Wanted]) => taken.has(key) || coveredBy(binding, taken) !== undefined;
  const missing = new Map([...wanted].filter((entry) => !isHeld(entry)));
  const open: Server[] = [];
  const free: Wanted[] = [];
  const findings: CheckFinding[] = [];
  const failed = new Set<string>();
  const attempt = async (key: string, want: Wanted) => {
    const code = await opened(want.binding.address, want.binding.port, open);
    if (code === undefined) free.push(want);
    else {
      failed.add(key);
      findings.push(failure(code, key, want, code === 'EACCES' ? denied : 'Error'));
    }
  };
  try {
    // As listening-sockets.ts does: one on all addresses serves the specific ones of its port, unless it cannot be opened.
    const isCovered = ({ binding }: Wanted) => coveredBy(binding, missing);
    for (const [key, want] of missing) if (!isCovered(want)) await attempt(key, want);
    for (const [key, want] of missing) {
      const any = isCovered(want);
      if (any === undefined) continue;
      if (failed.has(any)) await attempt(key, want);
      else free.push(want);
    }
  } finally {
    for (const server of open) server.close();
  }
  return { held: [...wanted].filter(isHeld).map(([, want]) => want), free, findings };
}

/** Of bindings that are not listened on yet, those with an address that this host does not have, or that may not be bound before it has it. */
export async function addressFindings(wanted: readonly Wanted[]): Promise<CheckFinding[]> {
  const own = ownAddresses();
  const findings: CheckFinding[] = [];
  for (const want of wanted) {
    const { address } = want.binding;
    if (own.has(address)) continue;
    const servers: Server[] = [];
    // A port of its own choice: whether this one is free is another question.
    const code = await opened(address, 0, servers);
    for (const server of servers) server.close();
    if (code !== undefined) findings.push(failure(code, `${want.binding}`, want, 'Warning'));
  }
  return findings;
}

function failure(code: string, key: string, want: Wanted, severity: Severity): CheckFinding {
  const { problem, mend } = bindFailure(code, want, ownAddresses);
  return {
    severity,
    check: 'Bindings',
    about: key,
    problem: `cannot be opened for ${namesOf(want.connectors)}: ${problem}`,
    mend,
  };
}

/** @returns the error's code; `undefined` when it is open */
function opened(host: string, port: number, open: Server[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, ipv6Only: host.includes(':') }, () => {
      open.push(server);
      resolve(undefined);
    });
  });
}
