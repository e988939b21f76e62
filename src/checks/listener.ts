/** The listener that runs on a home, or that does not answer. */
import { join } from 'node:path';
import { type ListenerStatus, listenerStatus } from '../control/listener-client.ts';
import type { Severity } from '../domain/finding.ts';
import type { Home } from '../store/home.ts';
import { shellWord } from '../text/shell-word.ts';
import type { CheckFinding } from './finding.ts';

/** @returns what it tells; `undefined` when none runs; a finding when one runs that does not answer as one */
export async function lookAtListener(home: Home): Promise<ListenerStatus | CheckFinding | undefined> {
  try {
    return await listenerStatus(home);
  } catch (error) {
    return listenerFinding('Error', (error as Error).message.replace(/\.$/, ''), [
      `look at it, or end it: cat ${shellWord(join(home.folder, 'listener.pid'))}`,
      'start it again: rc serve',
    ]);
  }
}

export function listenerFinding(severity: Severity, problem: string, mend: readonly string[] = []): CheckFinding {
  return { severity, check: 'Listener', about: 'rc serve', problem, mend };
}

export function isRunning(seen: ListenerStatus | CheckFinding | undefined): seen is ListenerStatus {
  return seen !== undefined && 'pid' in seen;
}
