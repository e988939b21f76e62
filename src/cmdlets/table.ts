/** Every cmdlet there is. Help, completion, man pages, the command line and the language all read this table. */
import type { Cmdlet } from '../cmdlet/cmdlet.ts';
import { kebab } from '../cmdlet/cmdlet.ts';
import { getReceiveConnector } from './get-receive-connector.ts';
import { getReceiveConnectorSession, getReceiveConnectorUsage } from './listener-objects.ts';
import { newReceiveConnector } from './new-receive-connector.ts';
import { removeReceiveConnector } from './remove-receive-connector.ts';
import { resolveReceiveConnector } from './resolve-receive-connector.ts';
import { selectObject } from './select-object.ts';
import { setReceiveConnector } from './set-receive-connector.ts';

export const CMDLETS: readonly Cmdlet[] = [
  getReceiveConnector,
  setReceiveConnector,
  newReceiveConnector,
  removeReceiveConnector,
  resolveReceiveConnector,
  getReceiveConnectorSession,
  getReceiveConnectorUsage,
  selectObject,
];

const BY_NAME = new Map<string, Cmdlet>();
for (const cmdlet of CMDLETS) {
  for (const name of [cmdlet.name, kebab(cmdlet.name), cmdlet.short, ...(cmdlet.aliases ?? [])]) {
    if (name !== undefined) BY_NAME.set(name.toLowerCase(), cmdlet);
  }
}

/** The cmdlet of a name, alias, short command or kebab-case name, case-insensitively. */
export function cmdletNamed(name: string): Cmdlet | undefined {
  return BY_NAME.get(name.toLowerCase());
}

export function cmdletNames(): Iterable<string> {
  return BY_NAME.keys();
}
