/** Plays every dialogue of test/dialogues; `npx vitest run test/session/dialogues.test.ts -t NAME` plays one. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDialogue } from './harness/dialogue.ts';
import { play } from './harness/play.ts';
import { sessionStage } from './harness/session-stage.ts';

const FOLDER = join(import.meta.dirname, '../dialogues');
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'));

describe('dialogues', () => {
  for (const file of files) {
    test.concurrent(file.replace(/\.txt$/, ''), async () => {
      const dialogue = readDialogue(join(FOLDER, file));
      expect(dialogue.about, 'the first line says what it shows').not.toBe('');
      await play(dialogue, sessionStage);
    });
  }
});
