/** Examines everything and gives what is found. */
import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { type ListenerStatus, listenerStatus } from '../control/listener-client.ts';
import { parseAddress } from '../domain/address.ts';
import { readTransport } from '../domain/transport.ts';
import { Draft } from '../store/draft.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { bindingFindings, type HostNetwork } from './bindings.ts';
import { certificateFindings } from './certificates.ts';
import { diskFindings, historyFindings, modeFindings, ownerFindings } from './files.ts';
import type { Finding, Patient } from './finding.ts';
import { limitFindings } from './limits.ts';
import { relayFindings } from './relays.ts';

/** @param fix mends file modes */
export async function examine(store: Store, now: Date, fix: boolean): Promise<Finding[]> {
  const { home } = store;
  const status = await listener(home);
  let files: Finding[] = [];
  try {
    const { document } = store.snapshot();
    files = [...modeFindings(home, fix), ...ownerFindings(home), ...diskFindings(home)];
    const draft = new Draft(document);
    const patient: Patient = {
      document,
      connectors: document.connectors.map((stored) => draft.connector(stored)),
      transport: readTransport(document.transport),
    };
    return [
      ...files,
      ...historyFindings(store.past()),
      ...relayFindings(patient),
      ...bindingFindings(patient, hostNetwork()),
      ...limitFindings(patient),
      ...certificateFindings(patient, home.certificates, now),
      ...listenerFindings(status, document.generation),
    ];
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const broken: Finding = {
      severity: 'Error',
      check: 'Store',
      subject: home.store,
      problem: error.message,
      mend: 'rc validate shows every place; rc restore goes back to what was written last',
    };
    if (existsSync(home.folder)) files = [...modeFindings(home, fix), ...ownerFindings(home), ...diskFindings(home)];
    return [broken, ...files, ...listenerFindings(status, undefined)];
  }
}

async function listener(home: Store['home']): Promise<ListenerStatus | string | undefined> {
  try {
    return await listenerStatus(home);
  } catch (error) {
    return (error as Error).message;
  }
}

function listenerFindings(status: ListenerStatus | string | undefined, wanted: number | undefined): Finding[] {
  const finding = (severity: Finding['severity'], problem: string, mend: string): Finding => ({
    severity,
    check: 'Listener',
    subject: 'rc serve',
    problem,
    mend,
  });
  if (status === undefined) return [finding('Warning', 'no listener runs: nobody takes mail', 'rc serve')];
  if (typeof status === 'string') return [finding('Error', status, 'look at its log, and start it again: rc serve')];
  const findings = status.failed.map((f) =>
    finding('Error', `${f.binding} (${f.connectors.join(', ')}) is not open: ${f.code}`, f.advice || 'rc get-listener'),
  );
  if (status.lastError)
    findings.push(finding('Error', `goes on with old settings: ${status.lastError}`, 'rc validate'));
  else if (wanted !== undefined && status.generation.applied < wanted)
    findings.push(
      finding(
        'Warning',
        `has generation ${status.generation.applied}, and the store is at ${wanted}`,
        `kill -HUP ${status.pid}`,
      ),
    );
  return findings;
}

function hostNetwork(): HostNetwork {
  const addresses = new Set<string>();
  for (const list of Object.values(networkInterfaces()))
    for (const { address } of list ?? []) addresses.add(parseAddress(address.replace(/%.*/, ''))?.text ?? address);
  let firstFreePort = 1024;
  try {
    firstFreePort = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {}
  return { addresses, firstFreePort, privileged: mayBindAll() };
}

/** CAP_NET_BIND_SERVICE (bit 10 of the effective set, capabilities(7)). */
function mayBindAll(): boolean {
  try {
    const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return effective !== undefined && (BigInt(`0x${effective}`) & (1n << 10n)) !== 0n;
  } catch {
    return process.getuid?.() === 0;
  }
}
