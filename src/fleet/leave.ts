/** A home leaves its fleet: it keeps this server's connectors, and takes them out of the fleet unless they are to stay there. */
import type { Author } from '../store/author.ts';
import type { Home } from '../store/home.ts';
import type { Store } from '../store/store.ts';
import { sameText } from '../text/wildcard.ts';
import { guarded } from './acceptance.ts';
import { fleetChange } from './change-log.ts';
import { withEngine } from './committer.ts';
import { FleetError } from './fleet-error.ts';
import { readMembership, removeMembership } from './membership.ts';
import { twinOf } from './roster.ts';

const TRIES = 20;

interface Left {
  readonly fleet: string;
  readonly server: string;
  /** Others that are still in it; `undefined` when nobody asked the engine. */
  readonly others: readonly string[] | undefined;
}

/** @param keep the fleet keeps this server's connectors; its engine is not asked @throws FleetError, StoreError */
export async function leave(store: Store, keep: boolean, author: Author): Promise<Left> {
  const { home } = store;
  const member = membershipToEnd(home, keep);
  if (!member) {
    if (keep) removeMembership(home);
    throw inNoFleet();
  }
  const { server, fleet } = member;
  const others = keep ? undefined : await takeOut(store, member, author);
  removeMembership(home);
  const transaction = store.begin();
  transaction.change((draft) => {
    const { servers, ...document } = draft.document;
    if (!servers) return;
    draft.document = { ...document, connectors: document.connectors.filter((c) => draft.servers.isOwn(c)) };
  });
  transaction.commit(author);
  return { fleet, server, others };
}

/** The membership that ends; with `keep` also one that cannot be read ends, as `undefined`. @throws FleetError */
function membershipToEnd(home: Home, keep: boolean): ReturnType<typeof readMembership> {
  try {
    return readMembership(home);
  } catch (error) {
    if (keep) return undefined;
    throw error;
  }
}

const inNoFleet = () => new FleetError('refused', 'This server is in no fleet. To join one: rc join-fleet URL');

/** What leaving would be refused for, as far as this home knows without asking the engine. @throws FleetError */
export function refuseLeaving(home: Home, keep: boolean): void {
  if (!membershipToEnd(home, keep)) throw inNoFleet();
}

async function takeOut(
  store: Store,
  member: NonNullable<ReturnType<typeof readMembership>>,
  author: Author,
): Promise<string[]> {
  const { server } = member;
  try {
    return await withEngine(member, async (document) => {
      for (let tries = 0; tries < TRIES; tries++) {
        const state = await document.fetch(Number.MAX_SAFE_INTEGER);
        guarded(state && { ...state, secrets: false }, member, 0);
        const { organization, generation } = state!;
        const twin = await twinOf(document, member);
        if (twin)
          throw new FleetError(
            'taken',
            `A listener runs as server ${server} from another home (on ${twin.host}, process ${twin.pid}), whose connectors they are now.`,
          );
        const servers = organization.servers.filter(({ name }) => !sameText(name, server));
        const next = {
          ...organization,
          generation: generation + 1,
          servers,
          connectors: organization.connectors.filter((c) => !sameText(c.Server, server)),
        };
        const about = { time: store.clock().toISOString(), server };
        const done = servers.length
          ? await document.commit(state!, state!.id, next, fleetChange(organization, next, author, about), member.home)
          : await document.end(state!);
        if (done) return servers.map(({ name }) => name);
      }
      throw new FleetError('refused', 'Others change the fleet all the time. Nothing was changed; try again.');
    });
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    throw new FleetError(
      error.problem,
      `${error.message} To leave all the same, without taking this server's connectors out of the fleet: rc leave-fleet --keep`,
    );
  }
}
