/** Every cmdlet there is. Help, completion, man pages, the command line and the language all read this table. */
import type { Cmdlet } from '../cmdlet/cmdlet.ts';
import { kebab } from '../cmdlet/cmdlet.ts';
import { addADPermission } from './add-ad-permission.ts';
import { compareConnectorGeneration } from './compare-connector-generation.ts';
import { disconnectSessionCmdlet } from './disconnect-session.ts';
import { exportConnectorConfiguration } from './export-connector-configuration.ts';
import { getAcceptedDomain } from './get-accepted-domain.ts';
import { getADPermission } from './get-ad-permission.ts';
import { getConnectorHistory } from './get-connector-history.ts';
import { getReceiveConnectorEvent } from './get-event.ts';
import { getListener } from './get-listener.ts';
import { getMessageTrackingLog } from './get-message-tracking-log.ts';
import { getReceiveConnector } from './get-receive-connector.ts';
import { getSmtpUser } from './get-smtp-user.ts';
import { getTransportService } from './get-transport-service.ts';
import { importConnectorConfiguration } from './import-connector-configuration.ts';
import { invokeConnectorDoctor } from './invoke-connector-doctor.ts';
import { getReceiveConnectorSession, getReceiveConnectorSource, getReceiveConnectorUsage } from './listener-objects.ts';
import { newAcceptedDomain } from './new-accepted-domain.ts';
import { newReceiveConnector } from './new-receive-connector.ts';
import { newSmtpUser } from './new-smtp-user.ts';
import { OBJECT_CMDLETS } from './object-cmdlets.ts';
import { removeAcceptedDomain } from './remove-accepted-domain.ts';
import { removeADPermission } from './remove-ad-permission.ts';
import { removeReceiveConnector } from './remove-receive-connector.ts';
import { removeSmtpUser } from './remove-smtp-user.ts';
import { resolveReceiveConnector } from './resolve-receive-connector.ts';
import { restoreConnectorStore } from './restore-connector-store.ts';
import { setAcceptedDomain } from './set-accepted-domain.ts';
import { setReceiveConnector } from './set-receive-connector.ts';
import { setSmtpUser } from './set-smtp-user.ts';
import { setTransportService } from './set-transport-service.ts';
import { testConnectorConfiguration } from './test-connector-configuration.ts';
import { testReceiveConnector } from './test-receive-connector.ts';
import { undoConnectorChange } from './undo-connector-change.ts';

export const CMDLETS: readonly Cmdlet[] = [
  getReceiveConnector,
  setReceiveConnector,
  newReceiveConnector,
  removeReceiveConnector,
  resolveReceiveConnector,
  testReceiveConnector,
  getReceiveConnectorSession,
  disconnectSessionCmdlet,
  getReceiveConnectorSource,
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
  getReceiveConnectorEvent,
  getMessageTrackingLog,
  getConnectorHistory,
  compareConnectorGeneration,
  undoConnectorChange,
  restoreConnectorStore,
  exportConnectorConfiguration,
  importConnectorConfiguration,
  testConnectorConfiguration,
  getListener,
  invokeConnectorDoctor,
  ...OBJECT_CMDLETS,
];

/** Names in the language: Verb-Noun and aliases. */
const IN_LANGUAGE = new Map<string, Cmdlet>();
/** Names behind `rc`: the short command wins over another cmdlet's alias (`rc diff` compares generations). */
const AS_COMMAND = new Map<string, Cmdlet>();
for (const cmdlet of CMDLETS) {
  for (const name of [cmdlet.name, ...(cmdlet.aliases ?? [])]) IN_LANGUAGE.set(name.toLowerCase(), cmdlet);
  for (const name of cmdlet.aliases ?? []) AS_COMMAND.set(name.toLowerCase(), cmdlet);
}
for (const cmdlet of CMDLETS) {
  for (const name of [cmdlet.name, kebab(cmdlet.name), cmdlet.short]) {
    if (name !== undefined) AS_COMMAND.set(name.toLowerCase(), cmdlet);
  }
}

/** The cmdlet of a name or alias in the command language, case-insensitively. */
export function cmdletNamed(name: string): Cmdlet | undefined {
  return IN_LANGUAGE.get(name.toLowerCase());
}

/** The cmdlet behind `rc NAME`: short command, kebab-case or full name, or alias, case-insensitively. */
export function commandNamed(name: string): Cmdlet | undefined {
  return AS_COMMAND.get(name.toLowerCase());
}

export function cmdletNames(): Iterable<string> {
  return IN_LANGUAGE.keys();
}

export function commandNames(): Iterable<string> {
  return AS_COMMAND.keys();
}
