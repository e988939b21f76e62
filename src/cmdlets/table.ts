/** Every cmdlet there is. Help, completion, man pages, the command line and the language all read this table. */
import type { Cmdlet } from '../cmdlet/cmdlet.ts';
import { kebab } from '../cmdlet/cmdlet.ts';
import { addADPermission } from './add-ad-permission.ts';
import { compareConnectorGeneration } from './compare-connector-generation.ts';
import { exportConnectorConfiguration } from './export-connector-configuration.ts';
import { getAcceptedDomain } from './get-accepted-domain.ts';
import { getADPermission } from './get-ad-permission.ts';
import { getConnectorHistory } from './get-connector-history.ts';
import { getListener } from './get-listener.ts';
import { getMessageTrackingLog } from './get-message-tracking-log.ts';
import { getReceiveConnector } from './get-receive-connector.ts';
import { getSmtpUser } from './get-smtp-user.ts';
import { getTransportService } from './get-transport-service.ts';
import { importConnectorConfiguration } from './import-connector-configuration.ts';
import { getReceiveConnectorSession, getReceiveConnectorUsage } from './listener-objects.ts';
import { newAcceptedDomain } from './new-accepted-domain.ts';
import { newReceiveConnector } from './new-receive-connector.ts';
import { newSmtpUser } from './new-smtp-user.ts';
import { OBJECT_CMDLETS } from './object-cmdlets.ts';
import { removeAcceptedDomain } from './remove-accepted-domain.ts';
import { removeADPermission } from './remove-ad-permission.ts';
import { removeReceiveConnector } from './remove-receive-connector.ts';
import { removeSmtpUser } from './remove-smtp-user.ts';
import { resolveReceiveConnector } from './resolve-receive-connector.ts';
import { setAcceptedDomain } from './set-accepted-domain.ts';
import { setReceiveConnector } from './set-receive-connector.ts';
import { setSmtpUser } from './set-smtp-user.ts';
import { setTransportService } from './set-transport-service.ts';
import { testConnectorConfiguration } from './test-connector-configuration.ts';
import { undoConnectorChange } from './undo-connector-change.ts';

export const CMDLETS: readonly Cmdlet[] = [
  getReceiveConnector,
  setReceiveConnector,
  newReceiveConnector,
  removeReceiveConnector,
  resolveReceiveConnector,
  getReceiveConnectorSession,
  getReceiveConnectorUsage,
  getADPermission,
  addADPermission,
  removeADPermission,
  getAcceptedDomain,
  newAcceptedDomain,
  setAcceptedDomain,
  removeAcceptedDomain,
  getSmtpUser,
  newSmtpUser,
  setSmtpUser,
  removeSmtpUser,
  getTransportService,
  setTransportService,
  getMessageTrackingLog,
  getConnectorHistory,
  compareConnectorGeneration,
  undoConnectorChange,
  exportConnectorConfiguration,
  importConnectorConfiguration,
  testConnectorConfiguration,
  getListener,
  ...OBJECT_CMDLETS,
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
