/** "Did you mean": what is offered for what was typed, and what is not. */
import { expect, test } from 'vitest';
import { nearest } from '../../src/text/suggest.ts';

const FLAGS = ['max-inbound-connection', 'max-inbound-connection-per-source', 'max-hop-count', 'comment'];

test.each([
  ['coment', FLAGS, 'comment'],
  ['max-hp-cuont', FLAGS, 'max-hop-count'],
  ['deflt', ['Default', 'Client'], 'Default'], // in its order, letters left out
  ['max-inbund', FLAGS, 'max-inbound-connection'], // begins nearly so, the shortest
  ['Defualt', ['Default VM', 'Client VM'], 'Default VM'],
  ['bindings', FLAGS, undefined],
  ['xyz', FLAGS, undefined],
])('%s', (typed, candidates, meant) => {
  expect(nearest(typed, candidates)).toBe(meant);
});
