/**
 * Shell transcripts: what a person types and what comes back, as text files that are read and run.
 *
 *   ## a comment
 *   $ rc get Relay --select Name
 *   {"Name":"Relay"}
 *   ! a line on stderr
 *   exit 1
 *
 * Commands run in bash, one after the other, in one folder and one home. Every transcript starts with a store of the server
 * EX and two connectors, or, with `@ first use`, with none. `> ` continues a command. `exit 0` is not written. When a
 * command fails and the store is not as it was, a line `store changed` says so. What differs from run to run is written
 * as HOST, GUID, DATE, HOME, FOLDER and PID. `@ needs COMMAND` at the top: where that fails, the transcript is skipped, and
 * the report says so.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RC, run } from '../support/rc.ts';
import { SERVER, tempFolder, writeStore } from '../support/temp-home.ts';

export interface Block {
  /** Lines before the command: comments and directives. */
  readonly before: readonly string[];
  readonly command: readonly string[];
}

/** The commands of a transcript; what they print is not looked at here. */
export function blocksOf(text: string): { blocks: Block[]; rest: string[] } {
  const blocks: Block[] = [];
  let before: string[] = [];
  let command: string[] | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('$ ')) {
      command = [line];
      blocks.push({ before, command });
      before = [];
    } else if (line.startsWith('> ') && command) command.push(line);
    else {
      command = undefined;
      if (line.startsWith('## ') || line.startsWith('@ ')) before.push(line);
    }
  }
  return { blocks, rest: before };
}

/** What this machine lacks for a transcript: the programs it uses everywhere, and what it says that it needs. */
export function lacking(text: string): string | undefined {
  const needs = [...text.matchAll(/^@ needs (.*)$/gm)].map((m) => m[1]!);
  for (const program of ['jq', 'terminal'])
    if (text.includes(program)) needs.push(program === 'jq' ? 'jq -n 1' : 'python3 -c 1');
  return needs.find((command) => spawnSync('bash', ['-c', command], { stdio: 'ignore' }).status !== 0);
}

/** Runs the commands and gives the transcript as it really is. */
export async function play(text: string): Promise<string> {
  const { blocks, rest } = blocksOf(text);
  const home = tempFolder('home');
  const folder = tempFolder('folder');
  const bin = tempFolder('bin');
  symlinkSync(RC, join(bin, 'rc'));
  copyFileSync(resolve(import.meta.dirname, 'bin/terminal'), join(bin, 'terminal'));
  if (!text.startsWith('@ first use')) {
    writeStore(home, [
      { Name: 'Default EX', Bindings: ['127.0.0.1:2525'], PermissionGroups: 'AnonymousUsers' },
      {
        Name: 'Client EX',
        AuthMechanism: 'Tls, BasicAuth, BasicAuthRequireTLS',
        Bindings: ['127.0.0.1:2587'],
        PermissionGroups: 'ExchangeUsers',
      },
    ]);
  }
  const stored = () => {
    try {
      return readFileSync(join(home, 'store.json')).toString('latin1');
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
  };
  const path = `${bin}:${process.env.PATH}`;
  const shown: string[] = [];
  for (const { before, command } of blocks) {
    const was = stored();
    const script = command.map((line) => line.slice(2)).join('\n');
    const ran = await run('timeout', ['-s', 'KILL', '60', 'bash', '-c', script], {
      home,
      cwd: folder,
      env: { PATH: path, USER: 'admin', LANG: 'C.UTF-8' },
    });
    const lines = [...before, ...command];
    if (ran.stdout) lines.push(...ran.stdout.replace(/\n$/, '').split('\n'));
    if (ran.stderr)
      lines.push(
        ...ran.stderr
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => `! ${line}`),
      );
    if (ran.signal) lines.push(`signal ${ran.signal}`);
    if (ran.code) lines.push(`exit ${ran.code}`);
    if (ran.code && stored() !== was) lines.push('store changed');
    shown.push(normal(lines.join('\n'), home, folder));
  }
  return `${[...shown, ...rest].join('\n\n')}\n`;
}

function normal(text: string, home: string, folder: string): string {
  return text
    .replaceAll('\x1b', '␛')
    .replaceAll(home, 'HOME')
    .replaceAll(folder, 'FOLDER')
    .replaceAll(new RegExp(`\\b${SERVER.replace(/[^\w]/g, '\\$&')}\\b`, 'g'), 'HOST')
    .replaceAll(/\b(?!00000000-)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'GUID')
    .replaceAll(/\b20(?!24-01-02)\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?/g, 'DATE')
    .replaceAll(/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d [+-]\d{4}/g, 'DATE')
    .replaceAll(/\.\d+\.[0-9a-z]+\.tmp/g, '.PID.tmp')
    .replaceAll(/symlink '[^']*'/g, "symlink 'PID'");
}
