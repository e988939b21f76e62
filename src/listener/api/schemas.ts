/** What the API takes and gives, as JSON Schema 2020-12: the components of its OpenAPI document. */
import type { Json } from '../../domain/kind.ts';
import { SETTING_NAMES, SETTINGS, type SettingName } from '../../domain/settings.ts';

export type Schema = { readonly [key: string]: Json };

const TEXT: Schema = { type: 'string' };
const WHOLE: Schema = { type: 'integer', minimum: 0 };
const YES_NO: Schema = { type: 'boolean' };
const MOMENT: Schema = { type: 'string', format: 'date-time' };

export const list = (items: Schema): Schema => ({ type: 'array', items });
export const ref = (name: ComponentName): Schema => ({ $ref: `#/components/schemas/${name}` });

/** An object with all of these and, where `optional` names some, perhaps those. */
function object(properties: Readonly<Record<string, Schema>>, ...optional: readonly string[]): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, ...(required.length ? { required } : {}), additionalProperties: false };
}

const REFUSED = object({ minute: WHOLE, hour: WHOLE });

const SUMMARY: Readonly<Record<string, Schema>> = {
  id: { ...TEXT, description: 'Of the Maildir; unique.' },
  receivedAt: MOMENT,
  size: { ...WHOLE, description: 'Bytes in the Maildir.' },
  envelope: object({
    from: { ...TEXT, description: 'MAIL FROM; empty for a bounce.' },
    to: { ...list(TEXT), description: 'Every RCPT TO.' },
  }),
  from: { anyOf: [{ $ref: '#/components/schemas/Address' }, { type: 'null' }] },
  to: list({ $ref: '#/components/schemas/Address' }),
  cc: list({ $ref: '#/components/schemas/Address' }),
  subject: { ...TEXT, description: 'Decoded.' },
  date: { anyOf: [MOMENT, { type: 'null' }], description: 'The Date field; null when it is missing or no date.' },
  attachmentCount: WHOLE,
};

/** How a setting reads: sizes, spans, bindings and the like are texts, as `rc get --output json` has them. */
function settingGiven(name: SettingName): Schema {
  const { kind, summary } = SETTINGS[name];
  const description = `${summary} Allowed: ${kind.allowed}.`;
  switch (kind.name) {
    case 'bool':
      return { ...YES_NO, description };
    case 'int':
      return { type: 'integer', description };
    case 'count':
      return { type: ['integer', 'string'], description };
    case 'list':
      return { ...list(TEXT), description };
    default:
      return { type: ['string', 'null'], description };
  }
}

function settingTaken(name: SettingName): Schema {
  const { kind, summary } = SETTINGS[name];
  const description = `${summary} Allowed: ${kind.allowed}.`;
  return kind.name === 'list'
    ? { type: ['array', 'string', 'null'], items: TEXT, description }
    : { type: ['string', 'number', 'boolean', 'null'], description };
}

const settings = (of: (name: SettingName) => Schema) =>
  Object.fromEntries(SETTING_NAMES.map((name) => [name, of(name)]));

const COMPONENTS = {
  Problem: {
    ...object(
      {
        type: TEXT,
        title: TEXT,
        status: { type: 'integer' },
        detail: { ...TEXT, description: 'What is wrong, what is allowed, what to do.' },
        code: { ...TEXT, description: 'For programs: MessageNotFound, InvalidParameter, ManagementObjectNotFound …' },
        parameter: TEXT,
        value: TEXT,
        allowed: TEXT,
      },
      'parameter',
      'value',
      'allowed',
    ),
    description: 'RFC 9457.',
  },
  Address: object({ name: TEXT, address: TEXT }),
  MessageSummary: object(SUMMARY),
  Messages: object({
    messages: list({ $ref: '#/components/schemas/MessageSummary' }),
    total: { ...WHOLE, description: 'Messages in the Maildir, those that do not fit among them.' },
    next: { type: ['string', 'null'], description: 'What to give as before for the next, older page.' },
  }),
  Attachment: object({
    index: { ...WHOLE, description: 'Its place in the message; content is at /v1/messages/{id}/attachments/{index}.' },
    filename: TEXT,
    contentType: TEXT,
    contentId: TEXT,
    inline: YES_NO,
    size: WHOLE,
  }),
  Message: object({
    ...SUMMARY,
    replyTo: list({ $ref: '#/components/schemas/Address' }),
    messageId: TEXT,
    text: { ...TEXT, description: 'Decoded, line ends as \\n.' },
    html: TEXT,
    headers: { ...list(object({ name: TEXT, value: TEXT })), description: 'In their order; unfolded, not decoded.' },
    attachments: list({ $ref: '#/components/schemas/Attachment' }),
    problem: { ...TEXT, description: 'What could not be read of it; empty when all could.' },
  }),
  Removed: object({ removed: WHOLE }),
  Connector: {
    type: 'object',
    description: 'As rc get NAME --output json gives it.',
    properties: { Name: TEXT, Identity: TEXT, Guid: TEXT, Server: TEXT, ...settings(settingGiven) },
    required: ['Name', 'Identity', 'Guid', 'Server', ...SETTING_NAMES],
  },
  ConnectorSettings: {
    type: 'object',
    description:
      'Settings as rc set takes them: "36MB", 100, true, ["10.0.0.1"]. AddBindings, RemoveFaultRules and the like change a list; null is the default. All of them are changed, or none.',
    properties: { Name: TEXT, ...settings(settingTaken) },
  },
  NewConnector: {
    type: 'object',
    description: 'As rc new takes it: a Name, and Bindings with RemoteIPRanges, or a Usage and what it needs.',
    required: ['Name'],
    properties: { Name: TEXT, Usage: TEXT, Preset: TEXT, ...settings(settingTaken) },
  },
  FaultRules: object({ rules: { ...list(TEXT), description: 'STAGE WHAT [WHEN …], as of the setting FaultRules.' } }),
  Faults: list(object({ connector: TEXT, rules: list(TEXT) })),
  Event: object({
    time: MOMENT,
    id: WHOLE,
    level: { type: 'string', enum: ['Information', 'Warning', 'Error'] },
    message: TEXT,
    data: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
  }),
  RefusedSource: object({
    address: TEXT,
    connector: { ...TEXT, description: 'Empty: no connector takes this source.' },
    connections: WHOLE,
    limit: { type: ['integer', 'null'], description: 'Connections it may have; null is no limit.' },
    refused: REFUSED,
    failedLogons: REFUSED,
    because: {
      ...list(object({ cause: TEXT, minute: WHOLE, hour: WHOLE })),
      description: 'Settings and rights that it was refused for, the most frequent first.',
    },
    lastRefused: { ...TEXT, description: 'ISO 8601; empty when only logons failed.' },
  }),
  Session: object({
    id: TEXT,
    connector: TEXT,
    source: TEXT,
    port: WHOLE,
    helo: TEXT,
    user: TEXT,
    tls: YES_NO,
    state: { ...TEXT, description: 'idle, command, message, closing' },
    since: TEXT,
    messages: WHOLE,
    bytes: WHOLE,
    bytesSent: WHOLE,
  }),
  Status: object({
    pid: WHOLE,
    version: TEXT,
    home: TEXT,
    startedAt: MOMENT,
    ports: { type: 'object', additionalProperties: WHOLE, description: 'Of the first binding of each connector.' },
    bindings: { type: 'object', additionalProperties: list(TEXT) },
    generation: { ...WHOLE, description: 'Of the settings that the listener obeys.' },
    problem: { ...TEXT, description: 'Why the store as it is now cannot be applied; empty when all is well.' },
    sessions: WHOLE,
  }),
} as const satisfies Readonly<Record<string, Schema>>;

type ComponentName = keyof typeof COMPONENTS;

export { COMPONENTS };
