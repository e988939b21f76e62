/** How a listener's part in its fleet fares. */
import type { FleetTally } from '../admission/fleet-authority.ts';

export interface FleetFigures {
  readonly fleet: string;
  /** Where its engine is. */
  readonly url: string;
  /** The engine answers. */
  readonly connected: boolean;
  /** Limits of the fleet are counted there; else FleetFallback holds. */
  readonly counting: boolean;
  readonly fallback: string;
  /** What is wrong; empty when all is well. */
  readonly problem: string;
  /** Live listeners, as last known. */
  readonly nodes: number;
  /** The fleet's generation, as last seen; 0 before. */
  readonly generation: number;
  readonly tally: Readonly<FleetTally>;
}
