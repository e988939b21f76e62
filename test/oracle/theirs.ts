/** PowerShell itself, in one long-lived process. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import type { Answer, Case } from './answer.ts';

export const VERSION = '7.6.9';

/** Where PowerShell 7.6.9 is: RC_PWSH, the PATH, or the folder of `dotnet tool install`; `undefined` when it is nowhere. */
export function findPowerShell(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const places = [
    ...(env.RC_PWSH ? [env.RC_PWSH] : []),
    ...(env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, 'pwsh')),
    path.join(os.homedir(), '.dotnet', 'tools', 'pwsh'),
    path.join(os.homedir(), '.cache', `powershell-${VERSION}`, 'pwsh'),
  ];
  return places.find((place) => fs.existsSync(place) && versionOf(place) === VERSION);
}

function versionOf(program: string): string | undefined {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return /^PowerShell (\S+)/.exec(stdout ?? '')?.[1];
}

export interface Theirs {
  run(one: Case): Promise<Answer>;
  end(): void;
}

/** What the folder that texts run in is called in answers. */
export const FOLDER = '/home/admin';

/** An answer without the name of the folder that its text ran in. */
export function withoutFolder(answer: Answer, folder: string): Answer {
  const json = JSON.stringify(answer);
  const told = json
    .replaceAll(folder, FOLDER)
    // CategoryInfo leaves out the middle of what is longer than 40 characters, as the folder may be: of what is within, the name
    .replace(/\((\/[^:()…]*)(?:…[^:()]*)?\/([^/:()]+):/g, (all, start: string, name: string) =>
      folder.startsWith(start) || start.startsWith(FOLDER) ? `(${FOLDER}/${name}:` : all,
    );
  return told === json ? answer : JSON.parse(told);
}

/**
 * @param here the folder of oracle.ps1
 * @param connectors what its Get-ReceiveConnector gives
 */
export async function theirs(program: string, here: string, connectors: unknown[], folder: string): Promise<Theirs> {
  const file = path.join(folder, 'connectors.json');
  fs.writeFileSync(file, JSON.stringify(connectors));
  const work = path.join(folder, 'they');
  fs.mkdirSync(work);
  const child: ChildProcess = spawn(
    program,
    ['-NoProfile', '-NonInteractive', '-File', path.join(here, 'oracle.ps1'), file],
    {
      cwd: work,
      env: {
        ...process.env,
        TZ: process.env.TZ ?? 'UTC',
        NO_COLOR: '1',
        HOME: folder,
        POWERSHELL_TELEMETRY_OPTOUT: '1',
        DOTNET_TieredPGO: '0',
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const waiting: ((line: string | undefined) => void)[] = [];
  const lines: string[] = [];
  let ended = false;
  const reader = readline.createInterface({ input: child.stdout! });
  reader.on('line', (line) => {
    const next = waiting.shift();
    if (next) next(line);
    else lines.push(line);
  });
  reader.on('close', () => {
    ended = true;
    for (const next of waiting.splice(0)) next(undefined);
  });
  const answer = (): Promise<string | undefined> =>
    lines.length || ended ? Promise.resolve(lines.shift()) : new Promise((resolve) => waiting.push(resolve));
  const read = async (): Promise<unknown> => {
    const line = await answer();
    if (line === undefined) throw new Error('PowerShell ended before it answered');
    return JSON.parse(line);
  };
  await read();
  return {
    async run({ text, input, width }) {
      child.stdin!.write(`${JSON.stringify({ text, input, width })}\n`);
      return withoutFolder((await read()) as Answer, work);
    },
    end: () => void child.stdin!.end(),
  };
}
