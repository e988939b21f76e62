/** What keeps a fleet from doing what was asked, told to who asked. */
import { StoreError } from '../store/store-error.ts';

export type FleetProblem =
  /** The engine cannot be reached, or does not answer. */
  | 'away'
  /** It does not know the user or password, or the user lacks a right. */
  | 'denied'
  /** Too old, or a replica that takes no changes. */
  | 'unfit'
  /** Under the fleet's name stands what is not ours, or what a newer rc wrote. */
  | 'foreign'
  /** The fleet's generation is older than what this server acts by, or it is another fleet. */
  | 'back'
  /** Somebody else is this server. */
  | 'taken'
  /** What is asked cannot be. */
  | 'refused';

export class FleetError extends StoreError {
  constructor(
    readonly problem: FleetProblem,
    message: string,
  ) {
    super('fleet', message);
  }
}
