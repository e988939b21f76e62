/**
 * What its fleet has, for who looks at a home where no listener follows it: an administrator's machine, or a server whose listener
 * is down. Bounded in time, and whoever asked goes on with what the home has when it fails.
 */
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { inTime } from '../text/in-time.ts';
import { guarded } from './acceptance.ts';
import { Engine } from './engine.ts';
import { engineUrl } from './engine-address.ts';
import { FleetDocument } from './fleet-document.ts';
import { FleetError } from './fleet-error.ts';
import { follow } from './follow.ts';
import { keysOf } from './keys.ts';
import { readMembership } from './membership.ts';

/** Who looks at settings does not wait for longer; who changes them, and is to mean what the fleet has, does. */
const PATIENCE_MS = { look: 2000, change: 5000 };

/**
 * Brings the home to what its fleet has. An edit by hand is the fleet's with the next change, not because somebody looks.
 * @returns what to say of what the home has, when it may not be what the fleet has @throws StoreError when the store itself cannot be read
 */
export async function bringNewest(store: Store, why: keyof typeof PATIENCE_MS): Promise<string | undefined> {
  const patienceMs = PATIENCE_MS[why];
  const { document, changed } = store.snapshot();
  try {
    const member = readMembership(store.home);
    if (!member) return undefined;
    const engine = { now: undefined as Engine | undefined, isLate: false };
    const late = (): never => {
      engine.isLate = true;
      engine.now?.close();
      throw new FleetError(
        'away',
        `The engine ${engineUrl(member.address)} has not answered within ${patienceMs / 1000} s.`,
      );
    };
    const work = async (): Promise<string | undefined> => {
      engine.now = await Engine.connect({ ...member, patienceMs });
      try {
        if (engine.isLate) return undefined;
        const fleet = new FleetDocument(engine.now, keysOf(member.fleet), member.fleet);
        const { generation } = guarded(await fleet.header(), member, document.generation);
        if (generation === document.generation) return undefined;
        if (store.standing().pending.length)
          return `store.json was edited by hand here, and others have changed the fleet meanwhile (generation ${generation}; here ${document.generation}). Both come together with the next command that changes something, or when a listener starts here.`;
        await follow(store, fleet, member);
        return undefined;
      } finally {
        engine.now.close();
      }
    };
    return await inTime(work(), patienceMs, late);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const since = new Date(changed.time).toISOString().slice(0, 19);
    const reason = error.message.replace(/ This server goes on with the settings it has[^.]*\./, '');
    return `This is what this home has had since ${since}Z (generation ${document.generation}); the fleet may have newer settings. No listener runs here that follows it, and: ${reason}`;
  }
}
