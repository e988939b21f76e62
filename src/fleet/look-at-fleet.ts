/** What there is to see of a fleet for who administrates it, and what is wrong with it. */
import { guarded, homeDocument } from './acceptance.ts';
import { Engine } from './engine.ts';
import { FleetDocument } from './fleet-document.ts';
import { FleetError } from './fleet-error.ts';
import { keysOf } from './keys.ts';
import type { Membership } from './membership.ts';
import { type Node, roster } from './roster.ts';

/** A fleet as it is seen at this moment; what is not known is left out. */
interface FleetSeen {
  readonly version?: string;
  readonly generation?: number;
  readonly nodes?: readonly Node[];
  readonly problem?: FleetError;
}

/** @param known generation that the home has */
export async function lookAtFleet(member: Membership, known: number): Promise<FleetSeen> {
  const { fleet } = member;
  const seen: { -readonly [K in keyof FleetSeen]: FleetSeen[K] } = {};
  let engine: Engine | undefined;
  try {
    engine = await Engine.connect(member);
    seen.version = engine.version;
    const keys = keysOf(fleet);
    seen.nodes = await roster(engine, keys);
    const document = new FleetDocument(engine, keys, fleet);
    const header = await document.header();
    if (header) seen.generation = header.generation;
    const state = guarded(header, member, known).generation > known && (await document.fetch(header!.generation));
    if (state) homeDocument(state, member);
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    seen.problem = error;
  } finally {
    engine?.close();
  }
  return seen;
}
