/** The default table of each type: what a bare `Get-…` shows. Keyed by PsObject.type; labels are property names. */
import { lazy } from '../text/lazy.ts';
import type { Align, Teller } from './record.ts';

interface ViewColumn {
  readonly property: string;
  readonly align?: Align;
  /** Cells; as wide as the content when it is not said. */
  readonly width?: number;
  readonly shares?: boolean;
  /** Only where the first object has the property. */
  readonly optional?: boolean;
}

interface TypeView {
  readonly columns: readonly ViewColumn[];
  /** Objects with the same value of this property stand together under it. */
  readonly groupBy?: string;
  /** A list's properties in their order; all as they are when it is not said. */
  readonly list?: readonly string[];
  /** Which property is said for an object within a list. */
  readonly names?: string;
  /** Where nothing else is asked for, its objects are told instead. */
  readonly teller?: () => Promise<Teller>;
}

/** A view as it stands in the table below. Read when it is asked for: that of one type is, of twenty. */
interface Row extends Omit<TypeView, 'columns'> {
  readonly columns: readonly string[];
}

/**
 * Columns of a table: `>Count:5` stands right and is five cells wide, `~Before` shares what room there is with others, `?OpenInFleet` is there where the first
 * object has it.
 */
function table(...columns: readonly string[]): Row {
  return { columns };
}

function viewOf(row: Row): TypeView {
  const columns = row.columns.map((column) => {
    const [, sign, optional, property, width] = /^([>~]?)(\??)(\w+)(?::(\d+))?$/.exec(column)!;
    return {
      property: property!,
      ...(sign === '>' ? { align: 'right' as const } : {}),
      ...(sign === '~' ? { shares: true } : {}),
      ...(width ? { width: Number(width) } : {}),
      ...(optional ? { optional: true } : {}),
    };
  });
  return { ...row, columns };
}

const SOURCE_COLUMNS = 'Connector Source >Open >?OpenInFleet >Limit >RefusedMinute >RefusedHour RefusedBy'.split(' ');

/**
 * Exchange's own defaults where it has them (ReceiveConnector, AcceptedDomain, ADPermission); PowerShell's for its own
 * types (GroupInfo, MemberDefinition: DefaultFormatters/PowerShellCore_format_ps1xml.cs).
 */
const rows = lazy(
  (): Readonly<Record<string, Row>> => ({
    ReceiveConnector: { ...table('Identity', 'Bindings', 'Enabled'), names: 'Identity' },
    AcceptedDomain: { ...table('Name', 'DomainName', 'DomainType', 'Default'), names: 'Name' },
    ADPermission: {
      ...table('Identity', 'User', 'Deny', 'IsInherited', 'ExtendedRights'),
      teller: async () => new (await import('./told-views.ts')).PermissionTeller(),
    },
    SmtpUser: { ...table('Name', 'Enabled', 'WhenChanged'), names: 'Name' },
    ExchangeCertificate: { ...table('Thumbprint', 'Services', 'Subject'), names: 'Thumbprint' },
    'System.Version': table('Major', 'Minor', 'Build', 'Revision'),
    ExchangeServer: { ...table('Name', 'Site', 'ServerRole', 'Edition', 'AdminDisplayVersion'), names: 'Name' },
    SmtpConnectivity: table('ReceiveConnector', 'Binding', 'StatusCode', 'Details'),
    FileInfo: table('Mode', 'LastWriteTime', '>Length', 'Name'),
    DirectoryInfo: table('Mode', 'LastWriteTime', '>Length', 'Name'),
    TransportService: { ...table('Name', 'DeliveryMethod', 'SmartHost'), names: 'Name' },
    ConnectorChoice: {
      ...table('Local', 'Connector', 'RemoteIPRange', 'Reason'),
      teller: async () => (await import('./told-views.ts')).choiceTeller,
    },
    ConnectorTest: {
      ...table('Step', 'Subject', 'Result', 'Accepted', 'Why'),
      teller: async () => new (await import('./connector-test-view.ts')).ConnectorVerdictTeller(),
    },
    /** The same objects where all of it was asked for. */
    ConnectorTestInFull: {
      ...table('Step', 'Subject', 'Result', 'Accepted', 'Why'),
      teller: async () => new (await import('./connector-test-view.ts')).ConnectorTestTeller(),
    },
    MailMessage: { ...table('Received', 'From', 'To', 'Subject'), names: 'Subject' },
    MailAttachment: { ...table('FileName', 'ContentType', '>Size'), names: 'FileName' },
    SentMessage: table('Server', '>Recipients', '>Seconds', 'Reply'),
    SentMessages: table('Server', '>Taken', '>Failed', '>Seconds', '>PerSecond', 'Failures'),
    ListenerStatus: {
      ...table('Server', 'State', '>Connections', '>Generation', 'Home'),
      teller: async () => new (await import('./status-view.ts')).StatusTeller(),
    },
    StoppedListener: table('>Pid', 'State', 'Home'),
    ReloadedListener: table('>Pid', '>Generation', 'Home'),
    MessageTrackingEvent: table('Timestamp', 'EventId', 'Source', 'Sender', 'Recipients', 'MessageSubject'),
    ReceiveConnectorSession: table('Id', 'Connector', 'Source', 'User', 'State', 'Since', '>Messages'),
    ReceiveConnectorSource: table(...SOURCE_COLUMNS),
    EndedSession: table('Id', 'Connector', 'Source', 'Result'),
    // Fixed widths: with --follow rows come one by one, and the first must not decide how much of the others shows.
    ReceiveConnectorEvent: {
      ...table('Time:19', '>Id:5', 'Level:11', 'Address:15', 'Message:4000'),
      teller: async () => (await import('./told-views.ts')).eventTeller,
    },
    ReceiveConnectorUsage: table('Connector', 'Source', '>Connections', '>Limit', '>PercentUsed'),
    HistoryEntry: {
      ...table('>Generation', 'When', 'Who', 'Command', 'Changes'),
      teller: async () => (await import('./told-views.ts')).historyTeller,
    },
    ConnectorOverride: {
      ...table('Connector', 'RemoteIPRange', 'Limits', 'Until', 'Comment'),
      teller: async () => (await import('./told-views.ts')).overrideTeller,
    },
    TemporaryChange: {
      ...table('Identity', 'Setting', 'RemoteIPRange', '>Value', '>Before', 'Until'),
      teller: async () => (await import('./told-views.ts')).temporaryTeller,
    },
    ConnectorDifference: table('Name', 'Change', 'Setting', '~Before', '~After'),
    ConfigurationProblem: table('File', '>Line', '>Column', 'Where', 'Problem'),
    DoctorFinding: {
      ...table('Severity', 'Check', 'Subject', 'Problem', 'Mend'),
      teller: async () => (await import('./told-views.ts')).findingTeller,
    },
    DictionaryEntry: table('Name:30', 'Value'),
    GroupInfo: { ...table('>Count:5', 'Name:25', 'Group'), list: ['Name', 'Count', 'Group', 'Values'] },
    GroupInfoNoElement: { ...table('>Count:5', 'Name:25'), list: ['Name', 'Count', 'Values'] },
    MemberDefinition: { ...table('Name', 'MemberType', 'Definition'), groupBy: 'TypeName' },
    CommandInfo: table('CommandType', 'Name', 'Aliases', 'Summary'),
    AliasInfo: table('CommandType', 'DisplayName'),
    FunctionInfo: table('CommandType', 'Name'),
  }),
);

const views = new Map<string, TypeView>();

/** The default table of a type; `undefined` when the properties themselves decide. */
export function defaultView(type: string): TypeView | undefined {
  if (!views.has(type) && Object.hasOwn(rows(), type)) views.set(type, viewOf(rows()[type]!));
  return views.get(type);
}
