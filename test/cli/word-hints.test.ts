/** What is typed for a word that is no command has to be there: the commands in the hints are looked up. */
import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { CMDLETS, commandNamed } from '../../src/cmdlets/table.ts';
import { WORDS as HINTS, hintFor } from '../../src/cmdlets/word-hints.ts';
import { resolveParameter } from '../../src/pipeline/binder.ts';

const WORDS = [...HINTS.keys()];

test.each(WORDS)('%s', (word) => {
  expect(COMMANDS[word] ?? commandNamed(word), 'a word with a hint is no command').toBeUndefined();
  const named = [...hintFor(word)!.matchAll(/\brc ([a-z-]+)/g)].map((m) => m[1]!);
  for (const name of named) expect(COMMANDS[name] ?? commandNamed(name), `rc ${name}`).toBeDefined();
  for (const [, name, more] of hintFor(word)!.matchAll(/\brc ([a-z-]+)((?:(?!\brc )[^.:;|])*)/g)) {
    const cmdlet = commandNamed(name!);
    for (const [, flag] of cmdlet ? more!.matchAll(/--([a-z-]+)/g) : [])
      if (flag !== 'wait') expect(resolveParameter(cmdlet!, flag!, 'flags').name, `rc ${name} --${flag}`).toBeTruthy();
  }
});

test('a hint is found whatever the case, and only its own', () => {
  expect(hintFor('RESTART')).toBe(hintFor('restart'));
  expect(hintFor('constructor')).toBeUndefined();
  expect(hintFor('get')).toBeUndefined();
});

test('a word means one cmdlet', () => {
  const words = CMDLETS.flatMap(({ words = [] }) => words);
  expect(new Set(words).size).toBe(words.length);
  for (const cmdlet of CMDLETS) for (const word of cmdlet.words ?? []) expect(commandNamed(word)).toBe(cmdlet);
});
