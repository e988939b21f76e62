/** The document of a fleet in its engine: read it, and change it if nobody else has meanwhile. */

import type { StoredPeer } from '../store/document.ts';
import { homeOf, type Organization } from '../store/organization.ts';
import { parseDocument } from '../store/parse.ts';
import { StoreError } from '../store/store-error.ts';
import { show } from '../text/printable.ts';
import { type FleetChange, parseFleetChange } from './change-log.ts';
import type { Engine, Reply } from './engine.ts';
import { FleetError } from './fleet-error.ts';
import type { FleetKeys } from './keys.ts';
import { COMMIT, END, FETCH } from './scripts.ts';

/** What the document is called in the engine; a number that grows with its form. */
const FORMAT_NAME = 'receive-connector fleet';
const FORMAT = 1;

/** What the engine says of the document without giving it. */
export interface Header {
  readonly id: string;
  readonly generation: number;
  /** There are password hashes in it. */
  readonly secrets: boolean;
}

export interface FleetState extends Pick<Header, 'id' | 'generation'> {
  readonly organization: Organization;
  /** Changes that led to it, the newest last, as far as they are kept. */
  readonly changes: readonly FleetChange[];
}

/** @param said format, id, generation, secrets @returns `undefined` when there is no fleet @throws FleetError */
export function headerOf([format, id, generation, secrets]: readonly Reply[], fleet: string): Header | undefined {
  if (!format && !id && !generation) return undefined;
  const [name, number] = /^(.*) (\d+)$/.exec(String(format ?? ''))?.slice(1) ?? [];
  if (name !== FORMAT_NAME || !id || !Number.isSafeInteger(Number(generation)))
    throw new FleetError(
      'foreign',
      `Under the name ${fleet} the engine has something that is no fleet of ours. Choose another name: rc join-fleet URL --name NAME`,
    );
  if (Number(number) > FORMAT)
    throw new FleetError(
      'foreign',
      `The fleet ${fleet} was changed by a newer rc (form ${number}; this one knows up to ${FORMAT}). Update rc here; until then this server goes on with the settings it has.`,
    );
  return { id: String(id), generation: Number(generation), secrets: secrets === '1' };
}

export class FleetDocument {
  constructor(
    readonly engine: Engine,
    readonly keys: FleetKeys,
    readonly fleet: string,
  ) {}

  /** @throws FleetError */
  async header(): Promise<Header | undefined> {
    const said = await this.engine.command(['HMGET', this.keys.document, 'format', 'id', 'generation', 'secrets']);
    return headerOf(said as Reply[], this.fleet);
  }

  /** The document, with the changes after generation `known`. @throws FleetError */
  async fetch(known: number): Promise<FleetState | undefined> {
    const { document, log } = this.keys;
    const [format, id, generation, text, changes] = (await this.engine.runScript(
      FETCH,
      [document, log],
      [known],
    )) as Reply[];
    const header = headerOf([format!, id!, generation!, ''], this.fleet);
    if (!header) return undefined;
    return {
      ...header,
      organization: this.#read(String(text), header.generation),
      changes: parsed(changes as string[]),
    };
  }

  #read(text: string, generation: number): Organization {
    try {
      const organization = JSON.parse(text) as Organization;
      refuseUnknown(organization);
      // A home's document of any of its servers is checked as store.json is.
      const home = homeOf(organization, organization.servers[0]!.name)!;
      parseDocument(JSON.stringify(home), `of the fleet ${this.fleet}`);
      return { ...organization, generation };
    } catch (error) {
      if (error instanceof StoreError && error.code === 'newer') throw new FleetError('foreign', error.message);
      throw new FleetError(
        'foreign',
        `The document of the fleet ${this.fleet} (generation ${generation}) is not what rc wrote (${(error as Error).message}). It was left untouched; this server goes on with the settings it has.`,
      );
    }
  }

  /**
   * Puts a document in the place of the one that is there. @param before `undefined`: there is none yet @param home which one changes it (Membership.home)
   * @returns whether it still was there @throws FleetError
   */
  async commit(
    before: Pick<Header, 'id' | 'generation'> | undefined,
    id: string,
    next: Organization,
    change: FleetChange,
    home: string,
  ): Promise<boolean> {
    const { document, log, changed } = this.keys;
    const text = JSON.stringify(next);
    const done = await this.engine.runScript(
      COMMIT,
      [document, log],
      [
        before?.id ?? '',
        before?.generation ?? '',
        `${FORMAT_NAME} ${FORMAT}`,
        id,
        next.generation,
        text,
        next.users.length ? 1 : 0,
        JSON.stringify(change),
        changed,
        home,
      ],
    );
    if (done === -1) throw this.engine.foreign('a hash that rc has not made');
    return done === 1;
  }

  /** @returns whether it still was there @throws FleetError */
  async end(before: Pick<Header, 'id' | 'generation'>): Promise<boolean> {
    const { document, log } = this.keys;
    return (await this.engine.runScript(END, [document, log], [before.id, before.generation])) === 1;
  }
}

/** All that this rc knows of a fleet's document; a key that a type gets has to be named here, or it does not compile. */
const KNOWN: Readonly<Record<keyof Organization, true>> = {
  generation: true,
  servers: true,
  connectors: true,
  acceptedDomains: true,
  users: true,
};
const KNOWN_OF_SERVER: Readonly<Record<keyof StoredPeer, true>> = { name: true, fqdn: true, transport: true };

/** What a newer rc may keep there and our next change would lose. @throws SyntaxError, as for a text that is no JSON */
function refuseUnknown(organization: Organization): void {
  const strange = (what: object, known: object) => Object.keys(what).find((key) => !Object.hasOwn(known, key));
  const key =
    strange(organization, KNOWN) ??
    organization.servers.map((one) => strange(one, KNOWN_OF_SERVER)).find((found) => found !== undefined);
  if (key !== undefined) throw new SyntaxError(`it has ${show(key)}, of which this rc does not know`);
}

function parsed(texts: readonly string[]): FleetChange[] {
  return texts.flatMap((text) => {
    try {
      return [parseFleetChange(text)];
    } catch {
      return []; // a line that somebody else wrote; the history has one line for several then
    }
  });
}
