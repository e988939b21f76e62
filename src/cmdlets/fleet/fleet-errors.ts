/** Errors of a fleet as a cmdlet tells them. */
import { CmdletError } from '../../pipeline/error.ts';
import { StoreError } from '../../store/store-error.ts';

/** Runs what asks the engine. @throws CmdletError for what a person can do something about */
export async function withFleetErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new CmdletError(error.message, {
      id: error.code === 'fleet' ? 'FleetError' : 'StoreError',
      category: 'ResourceUnavailable',
    });
  }
}
