/** What `npm run oracle` does. */
import fs from 'node:fs';
import path from 'node:path';
import { type Answer, type Case, differences } from './answer.ts';
import { readCases, subjects, writeCases } from './cases.ts';
import { type Ours, ours } from './ours.ts';
import { throwRandom } from './random.ts';
import { findPowerShell, type Theirs, theirs, VERSION } from './theirs.ts';

/** Differences that are shown; RC_SHOWN says otherwise. */
const SHOWN = Number(process.env.RC_SHOWN ?? 60);

/** @returns the exit code */
export async function main(args: readonly string[], here: string, folder: string): Promise<number> {
  if (args[0] === 'local') return local(args.slice(1), here, folder);
  const program = findPowerShell();
  if (!program) {
    console.error(
      `PowerShell ${VERSION} is not here: dotnet tool install PowerShell --version ${VERSION} --tool-path FOLDER, and RC_PWSH=FOLDER/pwsh.`,
    );
    return 2;
  }
  const store = path.join(folder, 'home');
  fs.mkdirSync(store, { mode: 0o700 });
  const we = ours(store);
  const they = await theirs(program, path.join(here, 'powershell'), await we.connectors(), folder);
  try {
    const [command, ...rest] = args;
    if (command === 'random') {
      const [count = 10_000, seed = Math.floor(Math.random() * 2 ** 31)] = rest.map(Number);
      return (await throwRandom(count, seed, we, they, SHOWN)) > 0 ? 1 : 0;
    }
    if (command === 'ask') return await ask(rest, we, they);
    const how = command === 'check' || command === 'open' ? command : 'record';
    return await record(how === 'record' ? args : rest, path.join(here, 'cases'), how, we, they);
  } finally {
    they.end();
  }
}

/** We against the recording, without PowerShell. */
async function local(only: readonly string[], here: string, folder: string): Promise<number> {
  const we = ours(folder);
  const cases = path.join(here, 'cases');
  let differ = 0;
  for (const subject of subjects(cases)) {
    if (only.length && !only.includes(subject)) continue;
    for (const one of readCases(cases, subject)) {
      if (!one.pwsh || one.rule) continue;
      const found = differences(one.pwsh, await we.run(one));
      if (found.length && ++differ <= SHOWN) console.log([`${subject}: ${one.text}`, ...found].join('\n    '));
    }
  }
  console.log(`${differ} differ`);
  return differ ? 1 : 0;
}

async function ask(texts: readonly string[], we: Ours, they: Theirs): Promise<number> {
  for (const text of texts) {
    const one = { text };
    const [their, our] = [await they.run(one), await we.run(one)];
    console.log(`${text}\n  PowerShell ${cut(their)}\n  rc         ${cut(our)}`);
    for (const line of differences(their, our)) console.log(`  ≠ ${line}`);
  }
  return 0;
}

async function record(
  only: readonly string[],
  folder: string,
  how: 'record' | 'check' | 'open',
  we: Ours,
  they: Theirs,
): Promise<number> {
  const count = { cases: 0, changed: 0, differ: 0, rule: 0, open: 0 };
  const check = how === 'check';
  for (const subject of subjects(folder)) {
    if (only.length && !only.includes(subject)) continue;
    const before = readCases(folder, subject);
    const after: Case[] = [];
    for (const one of before) {
      const pwsh = trimmed(await they.run(one));
      const changed = one.pwsh !== undefined && !one.unsteady && JSON.stringify(pwsh) !== JSON.stringify(one.pwsh);
      if (changed || (check && one.pwsh === undefined)) {
        count.changed++;
        console.log(
          `${subject}: PowerShell says something else: ${one.text}\n  ${JSON.stringify(one.pwsh)}\n  ${JSON.stringify(pwsh)}`,
        );
      }
      const told = await we.run(one);
      const found = differences(pwsh, told);
      count.cases++;
      if (one.rule) count.rule++;
      else if (one.open && check) count.open++;
      else if (found.length && ++count.differ <= SHOWN)
        console.log(`${subject}: ${one.text}${found.map((line) => `\n    ${line}`).join('')}`);
      const { open: _, ...rest } = one;
      const stillOpen = found.length > 0 && !one.rule && (one.open || how === 'open');
      after.push({
        ...rest,
        pwsh: one.unsteady && one.pwsh ? one.pwsh : pwsh,
        ...(one.rule ? { ours: trimmed(told) } : {}),
        ...(stillOpen ? { open: true as const } : {}),
      });
    }
    if (!check) writeCases(folder, subject, after);
  }
  console.log(
    `${count.cases} cases: ${count.differ} differ, ${count.rule} differ by a rule, ${count.open} open, ${count.changed} changed in PowerShell`,
  );
  return how !== 'open' && count.differ + count.changed > 0 ? 1 : 0;
}

/** Without what is empty. */
function trimmed(answer: Answer): Answer {
  const parts = Object.entries(answer).filter(
    ([, part]) => part !== '' && part !== false && !(Array.isArray(part) && part.length === 0),
  );
  return Object.fromEntries(parts);
}

function cut(answer: Answer): string {
  const json = JSON.stringify(answer);
  return json.length > 1500 ? `${json.slice(0, 1500)}…` : json;
}
