/**
 * A home joins a fleet: an empty engine takes what the home has, a fleet that exists gets this server's connectors beside the
 * others'. A member that joins again gives a new address or password, or puts its fleet into an engine that lost it.
 */
import { randomUUID } from 'node:crypto';
import { newGuid } from '../domain/guid.ts';
import type { Author } from '../store/author.ts';
import { applied, reversed } from '../store/difference.ts';
import type { StoreDocument } from '../store/document.ts';
import { previousOf } from '../store/history-entry.ts';
import { type Organization, organizationOf } from '../store/organization.ts';
import type { Store } from '../store/store.ts';
import { shellWord } from '../text/shell-word.ts';
import { foldText, sameText } from '../text/wildcard.ts';
import { homeDocument, mayHaveSecrets, secretsRefused } from './acceptance.ts';
import { fleetChange } from './change-log.ts';
import { Engine } from './engine.ts';
import { type EngineAddress, engineUrl } from './engine-address.ts';
import { FleetDocument, type FleetState } from './fleet-document.ts';
import { FleetError } from './fleet-error.ts';
import { follow, linesTo } from './follow.ts';
import { keysOf } from './keys.ts';
import { homeId, type Membership, readMembership, writeMembership } from './membership.ts';
import { twinOf } from './roster.ts';

interface Joining {
  readonly address: EngineAddress;
  readonly fleet: string;
  /** The server's new name; the home's when left out. */
  readonly server?: string | undefined;
  readonly password?: string | undefined;
  readonly allowPlaintext: boolean;
  readonly ca?: string | undefined;
  /** Only looks: nothing is written, in the engine or here. What comes back is what would be. */
  readonly onlyLook?: boolean;
}

export interface Joined {
  readonly how: 'founded' | 'joined' | 'again' | 'put back';
  readonly server: string;
  readonly generation: number;
  readonly engine: string;
  readonly notes: readonly string[];
}

const TRIES = 20;

/** @throws FleetError, StoreError; then neither the fleet nor the home has changed */
export async function join(store: Store, joining: Joining, author: Author): Promise<Joined> {
  const { address, fleet, allowPlaintext, password, ca, onlyLook } = joining;
  const member = readMembership(store.home);
  if (member && member.fleet !== fleet)
    throw new FleetError('refused', `This server is in the fleet "${member.fleet}". To leave it first: rc leave-fleet`);
  const server = joining.server ?? member?.server ?? store.read().server.name;
  if (member && !sameText(member.server, server))
    throw new FleetError(
      'refused',
      `This server is in the fleet as ${member.server}. To come back under another name: rc leave-fleet (with --keep where another machine is ${member.server} now), then rc join-fleet ${engineUrl(address)} --server ${shellWord(server)}`,
    );
  const engine = await Engine.connect({ address, password, ca, isNew: true });
  try {
    if (!onlyLook) store.make(); // a home that was only imagined
    const document = new FleetDocument(engine, keysOf(fleet), fleet);
    for (let tries = 0; tries < TRIES; tries++) {
      const header = await document.header();
      const wanted: Membership = {
        fleet,
        id: member?.id ?? header?.id ?? randomUUID(),
        server,
        home: homeId(store.home),
        address,
        allowPlaintext,
        ...(password === undefined ? {} : { password }),
        ...(ca === undefined ? {} : { ca }),
      };
      if (header && member && header.id !== member.id) throw otherFleet(fleet);
      await refuseTwin(document, wanted);
      const standing = store.standing();
      const [edit] = standing.pending;
      const known = edit ? previousOf(edit) : standing.generation;
      if ((header?.secrets || standing.document.users.length) && !mayHaveSecrets(wanted)) throw secretsRefused(wanted);
      const state = header && (await document.fetch(Number.MAX_SAFE_INTEGER));
      const notes: string[] = [];
      const isAhead = state !== undefined && state.generation >= known;
      if (member && isAhead && state.organization.servers.some(({ name }) => sameText(name, server))) {
        if (!onlyLook) writeMembership(store.home, wanted);
        const { generation } = onlyLook ? state : await follow(store, document, wanted);
        return { how: 'again', server, generation, engine: engine.version, notes };
      }
      const here = organizationOf(renamed(standing.document, server));
      const next = !state || (member && !isAhead) ? here : withServer(state, here, wanted, standing.document, notes);
      const generation = Math.max(known, state?.generation ?? 0) + 1;
      const organization = { ...next, generation };
      const written = homeDocument({ organization, generation }, wanted);
      const how = state && (!member || isAhead) ? 'joined' : member ? 'put back' : 'founded';
      const joined = { how, server, generation, engine: engine.version, notes } as const;
      if (onlyLook) return joined;
      const change = fleetChange(state?.organization, organization, author, {
        time: store.clock().toISOString(),
        server,
      });
      if (!(await document.commit(header, wanted.id, organization, change, wanted.home))) continue;
      writeMembership(store.home, wanted);
      const before = edit ? applied(standing.document, reversed(edit.changes)) : standing.document;
      const line = { ...change, before: known };
      const lines = linesTo(before, known, written, { generation, changes: [line] }, wanted);
      if (!store.adopt(written, lines, standing.text)) await follow(store, document, wanted);
      return joined;
    }
    throw new FleetError('refused', 'Others change the fleet all the time. Nothing was changed; try again.');
  } finally {
    engine.close();
  }
}

function otherFleet(fleet: string): FleetError {
  return new FleetError(
    'refused',
    `The engine has another fleet by the name "${fleet}" than the one this server is in. To leave ours first: rc leave-fleet --keep`,
  );
}

/** Another machine that is this server, and runs. @throws FleetError */
async function refuseTwin(document: FleetDocument, member: Membership): Promise<void> {
  const twin = await twinOf(document, member);
  if (!twin) return;
  const { server, address } = member;
  throw new FleetError(
    'taken',
    `A listener runs as server ${server} in this fleet already (on ${twin.host}, process ${twin.pid}). Give this one a name of its own: rc join-fleet ${engineUrl(address)} --server NAME`,
  );
}

function renamed(document: StoreDocument, server: string): StoreDocument {
  return document.server.name === server ? document : { ...document, server: { ...document.server, name: server } };
}

type Owned = Organization['connectors'][number];

/** The fleet's organization with this server in it. @throws FleetError when names clash */
function withServer(
  { organization }: FleetState,
  here: Organization,
  { server, address }: Membership,
  home: StoreDocument,
  notes: string[],
): Organization {
  const isOurs = ({ Server }: Owned) => sameText(Server, server);
  const ours = here.connectors.filter(isOurs);
  const guids = new Set(ours.map(({ Guid }) => Guid));
  // What this server left there, or brought before a crash, is its own; other connectors of its name must not be overwritten.
  const theirs = organization.connectors.filter((c) => !(isOurs(c) && guids.has(c.Guid)));
  const names = new Set(ours.map(({ Name }) => foldText(Name)));
  const clashes = theirs.filter((c) => isOurs(c) && names.has(foldText(c.Name)));
  if (clashes.length)
    throw new FleetError(
      'taken',
      `The fleet has connectors of a server ${server} by the same names:\n${clashes.map((c) => `  ${c.Server}\\${c.Name}`).join('\n')}\nGive this server another name: rc join-fleet ${engineUrl(address)} --server NAME; or rename its own first: rc set ${shellWord(clashes[0]!.Name)} --name NAME`,
    );
  const taken = new Set(theirs.map(({ Guid }) => Guid));
  const brought = ours.map((c) => (taken.has(c.Guid) ? { ...c, Guid: newGuid() } : c));
  const own = here.servers.find(({ name }) => sameText(name, server))!;
  return {
    generation: organization.generation,
    servers: [...organization.servers.filter(({ name }) => !sameText(name, server)), own].sort((a, b) =>
      foldText(a.name) < foldText(b.name) ? -1 : 1,
    ),
    connectors: [...theirs, ...brought],
    acceptedDomains: withNew(
      'accepted domain',
      organization.acceptedDomains,
      home.acceptedDomains,
      notes,
      'DomainName',
    ),
    users: withNew('SMTP user', organization.users, home.users, notes),
  };
}

/** The fleet's list with what only this home has; of two of one name the fleet's stays. */
function withNew<T extends { readonly Name: string; readonly Guid: string }>(
  what: string,
  fleet: readonly T[],
  home: readonly T[],
  notes: string[],
  twin: keyof T & string = 'Name',
): T[] {
  const taken = new Set(
    fleet.flatMap((item) => [`Name ${foldText(item.Name)}`, `twin ${foldText(String(item[twin]))}`]),
  );
  const guids = new Set(fleet.map(({ Guid }) => Guid));
  const added: T[] = [];
  for (const item of home) {
    if (taken.has(`Name ${foldText(item.Name)}`) || taken.has(`twin ${foldText(String(item[twin]))}`)) {
      const same = fleet.some((other) => JSON.stringify(other) === JSON.stringify(item));
      if (!same) notes.push(`The fleet has the ${what} "${item.Name}" already; the fleet's stays.`);
    } else added.push(guids.has(item.Guid) ? { ...item, Guid: newGuid() } : item);
  }
  return [...fleet, ...added];
}
