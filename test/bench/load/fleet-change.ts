/** From the start of a change on a home without a listener to all listeners of its fleet acting by it, in milliseconds. */
import { committerOf } from '../../../src/fleet/committer.ts';
import { Engine } from '../../../src/fleet/engine.ts';
import { keysOf } from '../../../src/fleet/keys.ts';
import { readMembership } from '../../../src/fleet/membership.ts';
import { waitForNodes } from '../../../src/fleet/roster.ts';
import { homeAt } from '../../../src/store/home.ts';
import { Store } from '../../../src/store/store.ts';

const [, , folder = '', rounds = '50'] = process.argv;
const store = new Store(homeAt(folder));
const member = readMembership(store.home)!;
const engine = await Engine.connect(member);
const times: number[] = [];
for (let i = 0; i < Number(rounds); i++) {
  const begun = performance.now();
  const { document } = await committerOf(store).commit(
    [
      (draft) => {
        const connectors = draft.document.connectors.map((c) => ({ ...c, MaxInboundConnectionPerSource: 100 + i }));
        draft.document = { ...draft.document, connectors };
      },
    ],
    { user: 'bench', command: 'bench' },
  );
  const { behind } = await waitForNodes(engine, keysOf(member.fleet), document.generation, 10_000, 1);
  if (behind.length) throw new Error('a listener did not follow');
  times.push(performance.now() - begun);
}
engine.close();
times.sort((a, b) => a - b);
const at = (part: number) => times[Math.floor(times.length * part)]!.toFixed(1);
console.log(JSON.stringify({ changes: times.length, p50: at(0.5), p99: at(0.99) }));
