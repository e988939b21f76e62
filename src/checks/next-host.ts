/** The next host: is it named, can its password be read, does it take connections? */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Connector } from '../domain/connector.ts';
import type { Severity } from '../domain/finding.ts';
import type { Transport } from '../domain/transport.ts';
import { deliveryMethods } from './delivery-methods.ts';
import type { CheckFinding } from './finding.ts';

/** How long it may take to answer the connection. */
const CONNECT_MS = 5000;

/** Nothing where no enabled connector hands mail on. */
export async function nextHostFindings(
  connectors: readonly Connector[],
  transport: Transport,
): Promise<CheckFinding[]> {
  if (!deliveryMethods(connectors, transport).has('Relay')) return [];
  const { SmartHost, nextHost: next, SmartHostPasswordFile: file } = transport;
  const finding = (severity: Severity, about: string, problem: string, ...mend: string[]): CheckFinding => ({
    severity,
    check: 'NextHost',
    about,
    problem,
    mend,
  });
  if (!next)
    return [
      finding(
        'Error',
        'SmartHost',
        'Relay is wanted, but no next host is set',
        'rc set-transport-service --smart-host HOST:25',
      ),
    ];
  const findings: CheckFinding[] = [];
  if (file) {
    try {
      if (!readFileSync(file, 'utf8').trim()) throw new Error('it is empty');
    } catch (error) {
      const why = (error as Error).message;
      findings.push(
        finding(
          'Error',
          file,
          `the password for the next host cannot be read: ${why}`,
          'write it there, for the listener’s user alone: chmod 600',
        ),
      );
    }
  }
  const problem = await unreachable(next);
  if (problem)
    findings.push(
      finding(
        'Warning',
        SmartHost,
        `${problem}; until it does, mail is answered 451`,
        `try: nc -vz ${next.host} ${next.port}`,
      ),
    );
  return findings;
}

function unreachable({ host, port }: { host: string; port: number }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end(`did not answer within ${CONNECT_MS / 1000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(`does not take connections (${error.code ?? error.message})`),
    );
  });
}
