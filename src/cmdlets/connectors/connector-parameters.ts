/** The parameters of the connector cmdlets: the identity, and one or more for every setting of the catalogue. */

import { SETTINGS } from '../../domain/settings.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { settingParameters } from '../setting-parameters.ts';

export const IDENTITY = {
  name: 'Identity',
  type: 'strings',
  position: 0,
  rest: true,
  pipeline: true,
  completes: 'connector',
  help: 'The connector: its name, SERVER\\Name, GUID or distinguished name; wildcards (* ? [a-z]) find several. Quote wildcards in a shell.',
} as const satisfies Parameter;

export const CONNECTOR_PARAMETERS = settingParameters(SETTINGS);
export const editsFrom = CONNECTOR_PARAMETERS.edits;
