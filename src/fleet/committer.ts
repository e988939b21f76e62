/** Changes of a home that is in a fleet: agreed on in its engine, then written here. */
import type { Committer } from '../store/committer.ts';
import { organizationOf } from '../store/organization.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { homeDocument } from './acceptance.ts';
import { agree } from './agree.ts';
import { Engine } from './engine.ts';
import { FleetDocument } from './fleet-document.ts';
import { FleetError } from './fleet-error.ts';
import { follow, linesTo } from './follow.ts';
import { keysOf } from './keys.ts';
import { type Membership, readMembership } from './membership.ts';

export function committerOf(store: Store): Committer {
  return {
    async commit(changes, author) {
      const member = readMembership(store.home);
      if (!member)
        throw new FleetError(
          'refused',
          'This server has left its fleet at this moment. Nothing was changed; try again.',
        );
      return withEngine(member, async (document) => {
        const now = await follow(store, document, member);
        const known = { id: member.id, generation: now.generation, organization: organizationOf(now.document) };
        const agreed = await agree(document, member, known, author, changes);
        if (!agreed) return now;
        try {
          const { generation } = agreed.organization;
          const next = homeDocument({ ...agreed, generation }, member);
          const lines = linesTo(now.document, now.generation, next, { generation, changes: [agreed.change] }, member);
          return (
            (lines.length === 1 && generation === now.generation + 1 && store.adopt(next, lines, now.text)) ||
            (await follow(store, document, member))
          );
        } catch (error) {
          if (!(error instanceof StoreError)) throw error;
          throw new StoreError(
            'unconfirmed',
            `The change was made in the fleet (generation ${agreed.organization.generation}), but not yet here: ${error.message}`,
          );
        }
      });
    },
  };
}

/** Does something with the fleet's document. @throws FleetError; that the engine is away is told with what it means */
export async function withEngine<T>(member: Membership, work: (document: FleetDocument) => Promise<T>): Promise<T> {
  const { fleet } = member;
  let engine: Engine | undefined;
  try {
    engine = await Engine.connect(member);
    return await work(new FleetDocument(engine, keysOf(fleet), fleet));
  } catch (error) {
    if (!(error instanceof FleetError) || error.problem !== 'away') throw error;
    throw new FleetError(
      'away',
      `${error.message} Nothing was changed: in a fleet every change is agreed on there first. Listeners go on with the settings they have. See: rc get-fleet`,
    );
  } finally {
    engine?.close();
  }
}
