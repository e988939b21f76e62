/** Runs cmdlets in this process, as the API of `rc serve` does for its changes: no start of a process each, one statement after the other. */
import type { Command, runCommands } from '../cmdlets/run-commands.ts';
import { authorOf } from '../store/author.ts';
import type { Home } from '../store/home.ts';
import { Semaphore } from '../store/semaphore.ts';
import { openStore } from './open-store.ts';

/** @returns what runs them; `via` says in the history how they came, as a shell's comment */
export function cmdletRunner(home: Home, env: NodeJS.ProcessEnv) {
  const atOnce = new Semaphore(1);
  return (calls: readonly Command[], via: string): ReturnType<typeof runCommands> =>
    atOnce.run(async () => {
      const { runCommands } = await import('../cmdlets/run-commands.ts');
      const command = `${calls.map(inWords).join('; ')} # via ${via}`;
      return runCommands(openStore(home, false, true), calls, authorOf(env, command));
    });
}

/** `Set-ReceiveConnector -Identity Default -MaxInboundConnection 5` */
function inWords({ cmdlet, parameters, settings = {} }: Command): string {
  const words = Object.entries({ ...parameters, ...settings }).map(
    ([name, value]) => ` -${name} ${Array.isArray(value) ? value.join(',') : String(value)}`,
  );
  return `${cmdlet}${words.join('')}`;
}
