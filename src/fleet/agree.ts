/** A change is agreed on: made on the document that the engine has and put in its place, if nobody was faster; else made again. */
import type { Author } from '../store/author.ts';
import { refuseClashes } from '../store/clashes.ts';
import { difference } from '../store/difference.ts';
import { Draft } from '../store/draft.ts';
import { settled } from '../store/ends.ts';
import { type Organization, organizationOf } from '../store/organization.ts';
import { guarded, homeDocument, mayHaveSecrets, secretsRefused } from './acceptance.ts';
import { type FleetChange, fleetChange } from './change-log.ts';
import type { FleetDocument, FleetState } from './fleet-document.ts';
import { FleetError } from './fleet-error.ts';
import type { Membership } from './membership.ts';

/** Others that change the fleet at the same moment may be faster this often. */
const TRIES = 100;

interface Agreed {
  readonly organization: Organization;
  readonly change: FleetChange;
}

/**
 * @param known the engine's document, when this home has the same
 * @returns `undefined` when the changes change nothing @throws FleetError, or what a change throws; then nothing was changed
 */
export async function agree(
  document: FleetDocument,
  member: Membership,
  known: Pick<FleetState, 'id' | 'generation' | 'organization'> | undefined,
  author: Author,
  changes: readonly ((draft: Draft) => void)[],
): Promise<Agreed | undefined> {
  let state = known;
  for (let tries = 0; tries < TRIES; tries++) {
    if (!state) {
      const fetched = await document.fetch(Number.MAX_SAFE_INTEGER);
      guarded(fetched && { ...fetched, secrets: fetched.organization.users.length > 0 }, member, 0);
      state = fetched!;
    }
    const before = homeDocument(state, member);
    const draft = new Draft(before);
    draft.aheadMs = document.engine.aheadMs;
    for (const change of changes) change(draft);
    draft.document = settled(before, draft.document);
    const next = draft.document;
    if (next === before || !difference(before, next).length) return undefined;
    refuseClashes(draft, before);
    if (next.users.length && !mayHaveSecrets(member)) throw secretsRefused(member);
    const organization = { ...organizationOf(next), generation: state.generation + 1 };
    const { undoes, undoesOn } = draft;
    const about = { time: new Date(Date.now() + draft.aheadMs).toISOString(), server: member.server, undoes, undoesOn };
    const by = draft.command === undefined ? author : { ...author, command: draft.command };
    const change = fleetChange(state.organization, organization, by, about);
    if (await document.commit(state, state.id, organization, change, member.home)) return { organization, change };
    state = undefined;
  }
  throw new FleetError('refused', 'Others change the fleet all the time. Nothing was changed; try again.');
}
