/** `--wait` in a fleet: until every live listener of it obeys. */
import type { Home } from '../store/home.ts';
import { Engine } from './engine.ts';
import { keysOf } from './keys.ts';
import { readMembership } from './membership.ts';
import { type Node, waitForNodes } from './roster.ts';

interface FleetWaited {
  readonly fleet: string;
  /** Live listeners that do not act by the generation, or cannot. */
  readonly behind: readonly Node[];
  /** How many do. */
  readonly acting: number;
}

/** `undefined` when the home is in no fleet. @throws FleetError */
export async function waitForFleet(
  home: Home,
  generation: number,
  timeoutMs: number,
): Promise<FleetWaited | undefined> {
  const member = readMembership(home);
  if (!member) return undefined;
  const engine = await Engine.connect(member);
  try {
    return { fleet: member.fleet, ...(await waitForNodes(engine, keysOf(member.fleet), generation, timeoutMs)) };
  } finally {
    engine.close();
  }
}
