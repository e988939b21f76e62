/**
 * Plays every dialogue of test/dialogues. `npm run unit -- test/session/dialogues.test.ts -t NAME` plays one;
 * RC_DIALOGUES=built plays them against the built listener instead of the session alone, RC_DIALOGUES=workers against one
 * with two workers.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Dialogue, readDialogue } from './harness/dialogue.ts';
import { listenerStage, NOT_HERE } from './harness/listener-stage.ts';
import { play } from './harness/play.ts';
import { sessionStage } from './harness/session-stage.ts';

const FOLDER = join(import.meta.dirname, '../dialogues');
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'));
const workers = process.env.RC_DIALOGUES === 'workers';
const built = process.env.RC_DIALOGUES === 'built' || workers;
const flags = workers ? ['--workers', '2'] : [];

const needsSession = (dialogue: Dialogue) =>
  dialogue.lines.some(({ step }) => (step.kind === 'set' || step.kind === 'setting') && NOT_HERE.has(step.name));

describe(built ? 'dialogues with the built listener' : 'dialogues', () => {
  for (const file of files) {
    test.concurrent(file.replace(/\.txt$/, ''), async ({ skip }) => {
      const dialogue = readDialogue(join(FOLDER, file));
      expect(dialogue.about, 'the first line says what it shows').not.toBe('');
      if (built && needsSession(dialogue)) skip();
      await play(dialogue, built ? (settings) => listenerStage(settings, flags) : sessionStage);
    });
  }

  test('there are at least 80', () => {
    expect(files.length).toBeGreaterThanOrEqual(80);
  });
});
