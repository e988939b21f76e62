/** Every transcript in transcripts/ is played in bash against the built rc and must come out as it is written. `UPDATE=1` writes it anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { play } from './transcript.ts';

const FOLDER = join(import.meta.dirname, 'transcripts');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'));

describe('transcripts', () => {
  test('are there', () => expect(FILES.length).toBeGreaterThan(10));

  test.concurrent.each(FILES)('%s', { timeout: 120_000 }, async (file) => {
    const path = join(FOLDER, file);
    const written = readFileSync(path, 'utf8');
    const played = await play(written);
    if (process.env.UPDATE) writeFileSync(path, played);
    else expect(played).toBe(written);
    expect(played, 'a command that fails leaves the store as it was').not.toMatch(/^store changed$/m);
  });
});
