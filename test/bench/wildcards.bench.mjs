// Wildcards on hostile patterns against 10,000 a's: the time of each, and as a multiple of one plain pass over the text.
import { buildSync } from 'esbuild';
import { median, ms } from './bench.mjs';

const { outputFiles } = buildSync({
  entryPoints: ['src/text/wildcard.ts'],
  bundle: true,
  format: 'esm',
  write: false,
  target: 'node20.19',
});
const { Wildcard } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
);

const text = 'a'.repeat(10_000);
const time = (work) => {
  const walls = [];
  for (let round = 0; round < 21; round++) {
    const begun = performance.now();
    work();
    walls.push(performance.now() - begun);
  }
  return median(walls);
};

const plain = time(() => [...text].every((c) => c === 'a'));
for (const [name, pattern] of [
  ['a*a*…b, 20 stars', `${'a*'.repeat(20)}b`],
  ['a*a*…b, 4,000 stars', `${'a*'.repeat(4000)}b`],
  ['*[ab]?…b, 100 sets', `*${'[ab]?'.repeat(100)}b`],
  ['*aaa…b, 1,000 a’s behind one star', `*${'a'.repeat(1000)}b`],
]) {
  const took = time(() => new Wildcard(pattern).matches(text));
  console.log(`${name.padEnd(36)} ${ms(took).padStart(9)}   ${(took / plain).toFixed(1)}x one pass over the text`);
}
