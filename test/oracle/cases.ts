/** The recorded cases: one NDJSON file a subject, one case a line. */
import fs from 'node:fs';
import path from 'node:path';
import type { Case } from './answer.ts';

export function subjects(folder: string): string[] {
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => name.slice(0, -'.ndjson'.length))
    .sort();
}

export function readCases(folder: string, subject: string): Case[] {
  const lines = fs.readFileSync(path.join(folder, `${subject}.ndjson`), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Case);
}

export function writeCases(folder: string, subject: string, cases: readonly Case[]): void {
  fs.writeFileSync(path.join(folder, `${subject}.ndjson`), cases.map((one) => `${JSON.stringify(one)}\n`).join(''));
}
