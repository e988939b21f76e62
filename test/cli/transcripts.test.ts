/** Every transcript in transcripts/ is played in bash against the built rc and must come out as it is written. `UPDATE=1` writes it anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lacking, play } from './transcript.ts';

const FOLDER = join(import.meta.dirname, 'transcripts');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'));

describe('transcripts', () => {
  test('are there', () => expect(FILES.length).toBeGreaterThan(10));

  for (const file of FILES) {
    test.concurrent(file, { timeout: 600_000 }, async ({ skip }) => {
      const path = join(FOLDER, file);
      const written = readFileSync(path, 'utf8');
      const lacks = lacking(written);
      if (lacks !== undefined && process.env.CI) expect.fail(`CI lacks what this transcript needs: ${lacks}`);
      if (lacks !== undefined) skip(`this machine cannot: ${lacks}`);
      const played = await play(written);
      if (process.env.UPDATE) writeFileSync(path, played);
      else expect(played).toBe(written);
      expect(played, 'a command that fails leaves the store as it was').not.toMatch(/^store changed$/m);
    });
  }
});
