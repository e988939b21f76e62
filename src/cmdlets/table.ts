/** Every cmdlet there is. Help, completion, man pages, the command line and the language all read this table. */
import type { Cmdlet } from '../pipeline/cmdlet.ts';
import { kebab } from '../text/flag-name.ts';
import { enableExchangeCertificate } from './certificates/enable-exchange-certificate.ts';
import { getExchangeCertificate } from './certificates/get-exchange-certificate.ts';
import { importExchangeCertificate } from './certificates/import-exchange-certificate.ts';
import { newExchangeCertificate } from './certificates/new-exchange-certificate.ts';
import { removeExchangeCertificate } from './certificates/remove-exchange-certificate.ts';
import { copyReceiveConnector } from './connectors/copy-receive-connector.ts';
import { getReceiveConnector } from './connectors/get-receive-connector.ts';
import { newReceiveConnector } from './connectors/new-receive-connector.ts';
import { removeReceiveConnector } from './connectors/remove-receive-connector.ts';
import { resolveReceiveConnector } from './connectors/resolve-receive-connector.ts';
import { setReceiveConnector } from './connectors/set-receive-connector.ts';
import { getAcceptedDomain } from './domains/get-accepted-domain.ts';
import { newAcceptedDomain } from './domains/new-accepted-domain.ts';
import { removeAcceptedDomain } from './domains/remove-accepted-domain.ts';
import { setAcceptedDomain } from './domains/set-accepted-domain.ts';
import { getFleet } from './fleet/get-fleet.ts';
import { joinFleet } from './fleet/join-fleet.ts';
import { leaveFleet } from './fleet/leave-fleet.ts';
import { compareConnectorGeneration } from './history/compare-connector-generation.ts';
import { exportConnectorConfiguration } from './history/export-connector-configuration.ts';
import { getConnectorHistory } from './history/get-connector-history.ts';
import { getTemporaryChange } from './history/get-temporary-change.ts';
import { importConnectorConfiguration } from './history/import-connector-configuration.ts';
import { restoreConnectorStore } from './history/restore-connector-store.ts';
import { saveTemporaryChange } from './history/save-temporary-change.ts';
import { setConnectorConfiguration } from './history/set-connector-configuration.ts';
import { testConnectorConfiguration } from './history/test-connector-configuration.ts';
import { undoConnectorChange } from './history/undo-connector-change.ts';
import { updateTemporaryChange } from './history/update-temporary-change.ts';
import { disconnectSessionCmdlet } from './listener/disconnect-session.ts';
import { getReceiveConnectorEvent } from './listener/get-event.ts';
import { getListener } from './listener/get-listener.ts';
import { getListenerStatus } from './listener/get-listener-status.ts';
import { getMessageTrackingLog } from './listener/get-message-tracking-log.ts';
import { invokeConnectorDoctor } from './listener/invoke-connector-doctor.ts';
import {
  getReceiveConnectorSession,
  getReceiveConnectorSource,
  getReceiveConnectorUsage,
} from './listener/listener-objects.ts';
import { stopListenerCmdlet } from './listener/stop-listener.ts';
import { testReceiveConnector } from './listener/test-receive-connector.ts';
import { testSmtpConnectivity } from './listener/test-smtp-connectivity.ts';
import { updateListener } from './listener/update-listener.ts';
import { getMessage } from './messages/get-message.ts';
import { removeMessageCmdlet } from './messages/remove-message.ts';
import { sendMailMessage } from './messages/send-mail-message.ts';
import { waitMessage } from './messages/wait-message.ts';
import { OBJECT_CMDLETS } from './objects/object-cmdlets.ts';
import { getConnectorOverride } from './overrides/get-connector-override.ts';
import { newConnectorOverride } from './overrides/new-connector-override.ts';
import { removeConnectorOverride } from './overrides/remove-connector-override.ts';
import { addADPermission } from './permissions/add-ad-permission.ts';
import { getADPermission } from './permissions/get-ad-permission.ts';
import { removeADPermission } from './permissions/remove-ad-permission.ts';
import { getExchangeServer } from './transport/get-exchange-server.ts';
import { getTransportService } from './transport/get-transport-service.ts';
import { setTransportService } from './transport/set-transport-service.ts';
import { getSmtpUser } from './users/get-smtp-user.ts';
import { newSmtpUser } from './users/new-smtp-user.ts';
import { removeSmtpUser } from './users/remove-smtp-user.ts';
import { setSmtpUser } from './users/set-smtp-user.ts';

export const CMDLETS: readonly Cmdlet[] = [
  getReceiveConnector,
  setReceiveConnector,
  newReceiveConnector,
  copyReceiveConnector,
  removeReceiveConnector,
  resolveReceiveConnector,
  getConnectorOverride,
  newConnectorOverride,
  removeConnectorOverride,
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
  getExchangeServer,
  getTransportService,
  setTransportService,
  getExchangeCertificate,
  newExchangeCertificate,
  importExchangeCertificate,
  enableExchangeCertificate,
  removeExchangeCertificate,
  getReceiveConnectorEvent,
  getMessageTrackingLog,
  getMessage,
  waitMessage,
  removeMessageCmdlet,
  sendMailMessage,
  getConnectorHistory,
  getTemporaryChange,
  updateTemporaryChange,
  saveTemporaryChange,
  compareConnectorGeneration,
  undoConnectorChange,
  restoreConnectorStore,
  exportConnectorConfiguration,
  importConnectorConfiguration,
  setConnectorConfiguration,
  testConnectorConfiguration,
  getListener,
  getListenerStatus,
  stopListenerCmdlet,
  updateListener,
  joinFleet,
  getFleet,
  leaveFleet,
  invokeConnectorDoctor,
  testSmtpConnectivity,
  ...OBJECT_CMDLETS,
];

/** Names in the language: Verb-Noun and aliases. */
const IN_LANGUAGE = new Map<string, Cmdlet>();
/** Names behind `rc`: the short command wins over another cmdlet's alias (`rc diff` compares generations). */
const AS_COMMAND = new Map<string, Cmdlet>();
for (const cmdlet of CMDLETS) {
  for (const name of [cmdlet.name, ...(cmdlet.aliases ?? [])]) IN_LANGUAGE.set(name.toLowerCase(), cmdlet);
  for (const name of [...(cmdlet.words ?? []), ...(cmdlet.aliases ?? [])]) AS_COMMAND.set(name.toLowerCase(), cmdlet);
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
