/**
 * A change as the engine keeps it beside the document: by whom, with which command, and what it put in the place of what, so that
 * a server which was away has every line of the history all the same.
 */
import type { Author } from '../store/author.ts';
import type { Organization } from '../store/organization.ts';

/** Larger ones are not kept: who missed them has one line in its history for several. In characters. */
const LARGEST = 256 * 1024;

const LISTS = ['connectors', 'acceptedDomains', 'users'] as const;

type ListName = (typeof LISTS)[number];
type Item = { readonly Guid: string };

interface ListPatch {
  readonly put: readonly Item[];
  /** Guids in their new order, when it is not: what stays where it was, what is new at the end. */
  readonly order?: readonly string[];
  readonly removed?: readonly string[];
}

type Patch = { readonly servers?: Organization['servers'] } & { readonly [Name in ListName]?: ListPatch };

export interface FleetChange {
  readonly generation: number;
  /** The fleet's generation that it was made from; 0 when the fleet begins. */
  readonly before: number;
  readonly time: string;
  /** `root@EX02` */
  readonly user: string;
  readonly sudoUser?: string;
  readonly command: string;
  readonly undoes?: number;
  readonly undoesOn?: readonly string[];
  readonly patch?: Patch;
}

/** @param before `undefined`: the fleet begins */
export function fleetChange(
  before: Organization | undefined,
  after: Organization,
  author: Author,
  about: {
    readonly time: string;
    readonly server: string;
    readonly undoes?: number | undefined;
    readonly undoesOn?: readonly string[] | undefined;
  },
): FleetChange {
  const patch = before && patchBetween(before, after);
  const { time, server, undoes, undoesOn } = about;
  return {
    generation: after.generation,
    before: before?.generation ?? 0,
    time,
    user: `${author.user}@${server}`,
    ...(author.sudoUser === undefined ? {} : { sudoUser: author.sudoUser }),
    command: author.command,
    ...(undoes === undefined ? {} : { undoes }),
    ...(undoesOn === undefined ? {} : { undoesOn }),
    ...(patch && JSON.stringify(patch).length <= LARGEST ? { patch } : {}),
  };
}

/** @throws SyntaxError for a text that is none */
export function parseFleetChange(text: string): FleetChange {
  const change = JSON.parse(text) as FleetChange;
  if (
    ![change?.generation, change?.before].every(Number.isSafeInteger) ||
    [change.time, change.user, change.command].some((v) => typeof v !== 'string')
  )
    throw new SyntaxError('no change of a fleet');
  return change;
}

function patchBetween(before: Organization, after: Organization): Patch {
  const patch: Record<string, unknown> = {};
  if (JSON.stringify(before.servers) !== JSON.stringify(after.servers)) patch.servers = after.servers;
  for (const name of LISTS) {
    const list = listPatch(before[name], after[name]);
    if (list) patch[name] = list;
  }
  return patch as Patch;
}

function listPatch(before: readonly Item[], after: readonly Item[]): ListPatch | undefined {
  const old = new Map(before.map((item) => [item.Guid, JSON.stringify(item)]));
  const put = after.filter((item) => old.get(item.Guid) !== JSON.stringify(item));
  const kept = new Set(after.map((item) => item.Guid));
  const removed = before.flatMap(({ Guid }) => (kept.has(Guid) ? [] : [Guid]));
  const plain = merged(before, put, removed).map(({ Guid }) => Guid);
  const order = after.map(({ Guid }) => Guid);
  const moved = plain.some((guid, i) => guid !== order[i]);
  if (!put.length && !removed.length && !moved) return undefined;
  return { put, ...(moved ? { order } : {}), ...(removed.length ? { removed } : {}) };
}

function merged(before: readonly Item[], put: readonly Item[], removed: readonly string[]): Item[] {
  const gone = new Set(removed);
  const fresh = new Map(put.map((item) => [item.Guid, item]));
  const stay = before.filter(({ Guid }) => !gone.has(Guid)).map((item) => fresh.get(item.Guid) ?? item);
  const there = new Set(before.map(({ Guid }) => Guid));
  return [...stay, ...put.filter(({ Guid }) => !there.has(Guid))];
}

/** What a change made of the organization; `undefined` when it does not say. */
export function changed(organization: Organization, { patch, generation }: FleetChange): Organization | undefined {
  if (!patch) return undefined;
  const lists = Object.fromEntries(
    LISTS.map((name) => {
      const list = patch[name];
      if (!list) return [name, organization[name]];
      const items = merged(organization[name], list.put, list.removed ?? []);
      const rank = new Map(list.order?.map((guid, i) => [guid, i]));
      return [name, list.order ? items.sort((a, b) => (rank.get(a.Guid) ?? 0) - (rank.get(b.Guid) ?? 0)) : items];
    }),
  );
  return { ...organization, ...lists, generation, servers: patch.servers ?? organization.servers };
}
