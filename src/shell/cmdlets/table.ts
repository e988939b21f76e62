/** Cmdlets that exist within the command language only: output, variables, help. */
import type { Cmdlet } from '../../cmdlet/cmdlet.ts';
import { writeError, writeHost, writeOutput, writeVerbose, writeWarning } from './write.ts';

export const LANGUAGE_CMDLETS: readonly Cmdlet[] = [writeOutput, writeHost, writeWarning, writeVerbose, writeError];
