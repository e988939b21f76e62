/**
 * Golden files: commands of the language as a person types them, and what is printed, at a width.
 *   # a remark: what it shows, and where the rule was checked
 *   > command            (`$input` is what is piped in: three connectors)
 *   @ width 60           (80 when it is not said; `@ colour` paints, escapes shown as ␛)
 *   | a line of output   (a blank at its end shown as ·)
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { compileBlock, runScript } from '../../src/language/runtime/script.ts';
import type { Host } from '../../src/pipeline/context.ts';
import type { Value } from '../../src/pipeline/value.ts';
import { resolveHome } from '../../src/store/home.ts';
import { Store } from '../../src/store/store.ts';
import { printed } from './scene.ts';

export interface Case {
  readonly remarks: readonly string[];
  readonly command: string;
  readonly settings: readonly string[];
  readonly output: readonly string[];
}

export function readCases(file: string): Case[] {
  const cases: { remarks: string[]; command: string; settings: string[]; output: string[] }[] = [];
  let remarks: string[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.startsWith('#')) remarks.push(line);
    else if (line.startsWith('> ')) {
      const last = cases.at(-1);
      if (last && !last.output.length && !last.settings.length && !remarks.length) last.command += `\n${line.slice(2)}`;
      else {
        cases.push({ remarks, command: line.slice(2), settings: [], output: [] });
        remarks = [];
      }
    } else if (line.startsWith('@ ')) cases.at(-1)!.settings.push(line.slice(2));
    else if (line.startsWith('|')) cases.at(-1)!.output.push(line);
    else if (line !== '') throw new Error(`${file}: cannot read the line ${line}`);
  }
  return cases;
}

/** Writes the file anew with the output of now (GOLDEN=write), to be read by a person before it is kept. */
export function writeCases(file: string, cases: readonly Case[], outputs: readonly (readonly string[])[]): void {
  const text = cases.map((one, k) =>
    [
      ...one.remarks,
      ...one.command.split('\n').map((line) => `> ${line}`),
      ...one.settings.map((setting) => `@ ${setting}`),
      ...outputs[k]!,
      '',
    ].join('\n'),
  );
  writeFileSync(file, text.join('\n'));
}

/** What a command prints, as it stands in a golden file. */
export async function output(one: Case, home: string, input: readonly Value[]): Promise<string[]> {
  const width = Number(one.settings.find((s) => s.startsWith('width '))?.slice(6) ?? 80);
  const height = Number(one.settings.find((s) => s.startsWith('height '))?.slice(7) ?? 0) || undefined;
  const text = await script(one.command, home, input, {
    width,
    height,
    colour: one.settings.includes('colour'),
  });
  const lines = text.replace(/\n$/, '').split('\n');
  return lines.map((line) => `| ${line.replaceAll('\u001b', '␛')}`.trimEnd().padEnd(1) + '·'.repeat(trailing(line)));
}

function trailing(line: string): number {
  return line.length - line.trimEnd().length;
}

/** Runs a text of the language with `$input`; what it prints, and what goes wrong behind it. */
export async function script(
  text: string,
  home: string,
  input: readonly Value[],
  options: { width?: number; height?: number; colour?: boolean } = {},
): Promise<string> {
  let all = '';
  const complain = (line: string) => {
    all += `${line}\n`;
  };
  const store = new Store(resolveHome(home, {}));
  const host: Host = {
    env: {},
    cwd: home,
    clock: () => new Date('2024-05-03T12:00:00Z'),
    writeWarning: (line) => complain(`WARNING: ${line}`),
    writeError: (error, cmdlet) => complain(`${cmdlet}: ${error.message}`),
    writeVerbose: complain,
    writeHost: complain,
    ask: async () => undefined,
    columns: options.width,
    compile: (block) => compileBlock(block, host, store),
  };
  await runScript(text, {
    host,
    store,
    author: () => ({ user: 'test', command: 'test' }),
    print: async (values) => {
      const text = await printed(values, { ...options, limit: () => host.enumerationLimit });
      all += text; // not in one: what goes wrong meanwhile is written first
    },
    complain,
    input: async function* () {
      yield* input;
    },
  });
  return all;
}
