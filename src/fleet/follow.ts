/**
 * A home follows its fleet: what the engine has is checked, written to store.json with the lines of history that lead to it, and
 * everything else reads that file as ever. An edit of the file by hand goes to the fleet first. A generation that goes back
 * is not followed.
 */
import { applied, difference, reversed } from '../store/difference.ts';
import type { StoreDocument } from '../store/document.ts';
import { type HistoryEntry, previousOf } from '../store/history-entry.ts';
import { homeOf, organizationOf } from '../store/organization.ts';
import { keepAside } from '../store/restore.ts';
import { isFingerprint } from '../store/secrets.ts';
import type { Snapshot } from '../store/snapshot.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { guarded, homeDocument } from './acceptance.ts';
import { agree } from './agree.ts';
import { changed, type FleetChange } from './change-log.ts';
import type { FleetDocument, FleetState } from './fleet-document.ts';
import { FleetError } from './fleet-error.ts';
import type { Membership } from './membership.ts';

/** Somebody else wrote the store meanwhile: looked at again this often. */
const TRIES = 20;

interface Followed extends Snapshot {
  /** The generation that the fleet and this home have. */
  readonly generation: number;
  /** Where an edit by hand is kept that the fleet would not have, and why. */
  readonly aside?: { readonly path: string; readonly reason: string };
}

/** Brings the home to what the fleet has. @throws FleetError, StoreError; then the home is as before */
export async function follow(store: Store, document: FleetDocument, member: Membership): Promise<Followed> {
  let aside: Followed['aside'];
  for (let tries = 0; tries < TRIES; tries++) {
    const standing = store.standing();
    const [edit] = standing.pending;
    const known = edit ? previousOf(edit) : standing.generation;
    const header = guarded(await document.header(), member, known);
    const before = edit ? applied(standing.document, reversed(edit.changes)) : standing.document;
    if (edit && edit.origin !== 'gap') {
      try {
        await publish(document, member, edit, standing.document);
      } catch (error) {
        if (!(error instanceof StoreError) || (error instanceof FleetError && error.problem !== 'refused')) throw error;
        const path = keepAside(store) ?? store.home.store;
        aside = { path, reason: error.message };
      }
    } else if (header.generation === known && !edit) return { ...standing, ...(aside ? { aside } : {}) };
    const state = await document.fetch(known);
    guarded(state && { ...state, secrets: false }, member, known);
    const next = homeDocument(state!, member);
    const lines = next.generation === known ? [] : linesTo(before, known, next, state!, member);
    const written = store.adopt(next, lines, standing.text);
    if (written) return { ...written, generation: written.document.generation, ...(aside ? { aside } : {}) };
  }
  throw new FleetError(
    'refused',
    `The store ${store.home.store} is changed again and again while it is being written. Try again.`,
  );
}

/** An edit by hand, as a change of the fleet's. @throws FleetError, StoreError when it cannot be one */
async function publish(
  document: FleetDocument,
  member: Membership,
  edit: HistoryEntry,
  edited: StoreDocument,
): Promise<void> {
  // The server's name is the fleet's to know.
  const changes = edit.changes.filter((change) => change.kind !== 'Server');
  const secretOf = new Map(edited.users.map(({ Guid, PasswordHash }) => [Guid, PasswordHash]));
  const author = { user: edit.user, command: edit.command };
  await agree(document, member, undefined, author, [
    (draft) => {
      const next = applied(draft.document, changes);
      const users = next.users.map((user) =>
        isFingerprint(user.PasswordHash)
          ? { ...user, PasswordHash: secretOf.get(user.Guid) ?? user.PasswordHash }
          : user,
      );
      draft.document = { ...next, users };
      const [wrong] = draft.violations();
      if (wrong) throw new FleetError('refused', `${wrong.path}: ${wrong.message}`);
    },
  ]);
}

/** The lines of history that lead from one document to the other. */
export function linesTo(
  before: StoreDocument,
  known: number,
  after: StoreDocument,
  { generation, changes }: Pick<FleetState, 'generation' | 'changes'>,
  { server }: Membership,
): HistoryEntry[] {
  const since = changes.filter((change) => change.generation > known);
  const last = since.at(-1);
  const lines: HistoryEntry[] = [];
  let [document, organization, at] = [before, organizationOf(before), known];
  for (const change of since) {
    if (change.before !== at) return [oneLine(before, known, after, last, since.length)];
    const isLast = change === last && change.generation === generation;
    const next = isLast ? undefined : changed(organization, change);
    const home = isLast ? after : next && homeOf(next, server);
    if (!home) return [oneLine(before, known, after, last, since.length)];
    lines.push(line(change, at, difference(document, home)));
    if (next) organization = next;
    [document, at] = [home, change.generation];
  }
  return lines.length && at === generation ? lines : [oneLine(before, known, after, last, since.length)];
}

function line(
  { generation, time, user, command, sudoUser, undoes, undoesOn }: FleetChange,
  before: number,
  changes: HistoryEntry['changes'],
): HistoryEntry {
  return {
    generation,
    ...(before === generation - 1 ? {} : { after: before }),
    time,
    user,
    ...(sudoUser === undefined ? {} : { sudoUser }),
    command,
    ...(undoes === undefined ? {} : { undoes }),
    ...(undoesOn === undefined ? {} : { undoesOn }),
    changes,
  };
}

/** Where the engine has not kept all that happened. */
function oneLine(
  before: StoreDocument,
  known: number,
  after: StoreDocument,
  last: FleetChange | undefined,
  count: number,
): HistoryEntry {
  const { generation } = after;
  const several = generation - known > 1 || count !== 1;
  const {
    undoes: _,
    undoesOn: __,
    ...change
  } = last ?? {
    generation,
    before: known,
    time: new Date().toISOString(),
    user: 'fleet',
    command: '',
  };
  const command = several
    ? `(generations ${known + 1} to ${generation} of the fleet) ${change.command}`.trim()
    : change.command;
  return line({ ...change, generation, command }, known, difference(before, after));
}
