/** The default table of each type: what a bare `Get-…` shows. Keyed by PsObject.type; labels are property names. */
import type { Align } from './record.ts';

export interface ViewColumn {
  readonly property: string;
  readonly align?: Align;
}

const table = (...properties: readonly string[]): readonly ViewColumn[] =>
  properties.map((property) =>
    property.startsWith('>') ? { property: property.slice(1), align: 'right' } : { property },
  );

/** Columns marked `>` stand right. Exchange's own defaults where it has them (ReceiveConnector, AcceptedDomain, ADPermission). */
const VIEWS: Readonly<Record<string, readonly ViewColumn[]>> = {
  ReceiveConnector: table('Identity', 'Bindings', 'Enabled'),
  AcceptedDomain: table('Name', 'DomainName', 'DomainType', 'Default'),
  ADPermission: table('Identity', 'User', 'Deny', 'Inherited'),
  SmtpUser: table('Name', 'WhenChanged'),
  MessageTrackingEvent: table('Timestamp', 'EventId', 'Source', 'Sender', 'Recipients', 'MessageSubject'),
  Listener: table('Server', 'State', '>Generation', '>Connections', 'Bindings'),
  Session: table('Id', 'Connector', 'Remote', 'State', '>Messages', 'Since'),
  HistoryEntry: table('>Generation', 'When', 'Who', 'Changes', 'Command'),
  ConnectorDifference: table('Name', 'Change', 'Setting', 'Before', 'After'),
  ConfigurationProblem: table('File', '>Line', '>Column', 'Where', 'Problem'),
  DoctorFinding: table('Severity', 'Check', 'Subject', 'Problem', 'Mend'),
  GroupInfo: table('>Count', 'Name', 'Group'),
  MemberDefinition: table('Name', 'MemberType', 'Definition'),
  CommandInfo: table('CommandType', 'Name', 'Aliases', 'Summary'),
  Comparison: table('InputObject', 'SideIndicator'),
};

/** The default table of a type; `undefined` when the properties themselves decide. */
export function defaultView(type: string): readonly ViewColumn[] | undefined {
  return Object.hasOwn(VIEWS, type) ? VIEWS[type] : undefined;
}
