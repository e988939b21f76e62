/**
 * Scripts as administrators of receive connectors have them (test/language/scripts/*.ps1), each run as `rc -f` runs it; what it
 * gives, says and leaves behind stands beside it. `# args:` and `# answers:` in a first line are its arguments and what a person
 * answers. `UPDATE=1` writes the transcripts anew.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scene } from './scene.ts';

const FOLDER = join(import.meta.dirname, 'scripts');
const SCRIPTS = readdirSync(FOLDER).filter((file) => file.endsWith('.ps1'));

function said(text: string, what: string): string[] {
  return new RegExp(`^# ${what}: (.*)$`, 'm').exec(text)?.[1]?.split(what === 'answers' ? '|' : ' ') ?? [];
}

/** Everything that a person sees of a run, stream by stream, and the exit code. */
async function played(file: string): Promise<string> {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  const one = scene();
  const before = one.generation();
  const told = await one.run(text, { args: said(text, 'args'), answers: said(text, 'answers') });
  const lines = (mark: string, all: readonly string[]) =>
    all.flatMap((each) => each.split('\n').map((l) => `${mark}${l}`));
  return [
    ...lines('', told.out),
    ...lines('host: ', told.said),
    ...lines('warning: ', told.warnings),
    ...lines('error: ', told.errors),
    ...lines('', told.complaint === '' ? [] : [told.complaint]),
    `exit ${told.code}, ${one.generation() - before} generations`,
    '',
  ]
    .map((line) => line.trimEnd())
    .join('\n')
    .replaceAll(one.home, 'HOME');
}

describe('scripts of administrators', () => {
  test('are there', () => expect(SCRIPTS.length).toBeGreaterThan(64));

  test.each(SCRIPTS)('%s', async (file) => {
    const shown = await played(file);
    const beside = join(FOLDER, file.replace(/ps1$/, 'txt'));
    if (process.env.UPDATE) writeFileSync(beside, shown);
    expect(shown).toBe(readFileSync(beside, 'utf8'));
  });
});
