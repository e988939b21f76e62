/** Runs a text here, in a store of three connectors, and says what it made in the shape of a recording. */
import fs from 'node:fs';
import path from 'node:path';
import { ByteSize, TimeSpan, Unlimited } from '../../src/domain/value.ts';
import { FileItem } from '../../src/language/cmdlets/file-items.ts';
import { ErrorRecord, recordOf } from '../../src/language/runtime/failure.ts';
import { compileBlock, runScript, type ScriptWorld } from '../../src/language/runtime/script.ts';
import { Char } from '../../src/pipeline/char.ts';
import type { Host } from '../../src/pipeline/context.ts';
import { Double, Integer } from '../../src/pipeline/number.ts';
import { bare, Hashtable, isScriptBlock, PsObject, printed, Said, type Value } from '../../src/pipeline/value.ts';
import { shortest } from '../../src/print/format-figure.ts';
import { formatDefault } from '../../src/print/output.ts';
import { Formatted } from '../../src/print/record.ts';
import { homeAt } from '../../src/store/home.ts';
import { Store } from '../../src/store/store.ts';
import { wallOf } from '../../src/text/date.ts';
import type { Answer, Case, Told } from './answer.ts';
import { withoutFolder } from './theirs.ts';

const WHEN = '2024-01-02T03:04:05.000Z';

/** The connectors that cases know, in a store of the server EX. */
const CONNECTORS = [
  {
    Name: 'Default EX',
    Bindings: ['0.0.0.0:25'],
    PermissionGroups: 'AnonymousUsers, ExchangeServers',
    AuthMechanism: 'Tls, Integrated',
  },
  {
    Name: 'Client EX',
    Bindings: ['0.0.0.0:587', '[::]:587'],
    PermissionGroups: 'ExchangeUsers',
    MessageRateLimit: 5,
    Fqdn: 'client.contoso.com',
  },
  {
    Name: 'Relay',
    Bindings: ['127.0.0.1:2526'],
    RemoteIPRanges: ['192.168.5.10', '192.168.5.11', '10.0.0.0/8'],
    MaxMessageSize: '50MB',
    Enabled: false,
  },
];

export interface Ours {
  run(one: Case): Promise<Answer>;
  /** The connectors with their types, for PowerShell's stubs: lists of [name, type, value]. */
  connectors(): Promise<unknown[]>;
}

/** @param folder an empty one, for the store */
export function ours(folder: string): Ours {
  const document = {
    schemaVersion: 1,
    generation: 1,
    server: { name: 'EX', fqdn: 'ex.contoso.com' },
    connectors: CONNECTORS.map((one, i) => ({
      Guid: `00000000-0000-4000-8000-00000000000${i + 1}`,
      WhenCreated: WHEN,
      WhenChanged: WHEN,
      ...one,
    })),
    acceptedDomains: [],
    users: [],
    transport: {},
  };
  fs.writeFileSync(path.join(folder, 'store.json'), JSON.stringify(document), { mode: 0o600 });
  const store = new Store(homeAt(folder));
  const work = path.join(folder, 'work');
  fs.mkdirSync(work);
  return {
    async run(one) {
      const answer = await answered(one, store, work).catch((error: Error) => ({ refused: `crash: ${error.stack}` }));
      for (const name of fs.readdirSync(work)) fs.rmSync(path.join(work, name), { recursive: true });
      return withoutFolder(answer, work);
    },
    async connectors() {
      const values: Value[] = [];
      const host = hostOf({}, work, store);
      await runScript('Get-ReceiveConnector', {
        host,
        store,
        author,
        complain() {},
        async print(all) {
          for await (const value of all) values.push(value);
        },
      });
      return values.map((value) => Object.entries((value as PsObject).properties).map(([name, of]) => stub(name, of)));
    },
  };
}

const author: ScriptWorld['author'] = (command) => ({ user: 'oracle', command });

type Collected = {
  -readonly [K in keyof Answer]: Answer[K] extends readonly (infer T)[] | undefined ? T[] : Answer[K];
};

async function answered(one: Case, store: Store, folder: string): Promise<Answer> {
  const told: Collected = {};
  const values: Value[] = [];
  let complaint = '';
  const host = hostOf(told, folder, store);
  const lines = one.input;
  await runScript(one.text, {
    host,
    store,
    author,
    complain: (text) => {
      complaint += text;
    },
    async print(all) {
      for await (const value of all) values.push(value);
    },
    ...(lines ? { input: () => each(lines) } : {}),
  });
  if (complaint) return { refused: complaint };
  let out = '';
  for await (const piece of formatDefault(each(values), {
    width: one.width ?? 120,
    limit: host.enumerationLimit,
  }))
    out += piece;
  return { ...told, out, values: values.filter((value) => !(value instanceof Formatted)).map(described) };
}

function hostOf(told: Collected, folder: string, store: Store): Host {
  const add = (name: 'warnings' | 'verbose' | 'said', text: string) => {
    told[name] = [...(told[name] ?? []), text];
  };
  const host: Host = {
    env: { HOME: folder },
    cwd: folder,
    columns: undefined,
    clock: () => new Date('2026-11-28T12:00:00Z'),
    writeWarning: (text) => add('warnings', text),
    writeError: (error) => {
      told.errors = [...(told.errors ?? []), toldOf(recordOf(error))];
    },
    writeVerbose: (text) => add('verbose', text),
    writeHost: (text, end = '\n') => add('said', text + end),
    ask: async () => undefined,
    compile: (text) => compileBlock(text, host, store),
  };
  return host;
}

function toldOf({ error, properties }: ErrorRecord): Told {
  const { FullyQualifiedErrorId: id, CategoryInfo: category, Exception: exception } = properties;
  return {
    message: error.message,
    id: printed(id),
    category: printed(category),
    type: (exception as PsObject).type,
  };
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

/** See answer.ts. */
export function described(written: Value | undefined): unknown {
  const value = written === undefined ? null : bare(written);
  if (value instanceof FileItem) return value.path;
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'string')
    return value ?? null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : { double: String(value) };
  if (value instanceof Double) return { double: shortest(value.value) };
  if (value instanceof Integer) return value.value;
  if (value instanceof Char) return { char: value.toString() };
  if (value instanceof Date) return { date: wallText(value) };
  if (value instanceof TimeSpan) return { span: String(value) };
  if (value instanceof ErrorRecord) return { error: String(value) };
  // PowerShell's records and matches are said as their text
  if (value instanceof Said || (value instanceof PsObject && value.type === 'MatchInfo')) return String(value);
  if (value instanceof Hashtable) {
    const pairs = [...value.entries].sort(([a], [b]) => (a < b ? -1 : 1));
    return { table: pairs.map(([key, of]) => [key, described(of)]) };
  }
  if (value instanceof PsObject && value.type === 'ReceiveConnector') return { connector: String(value) };
  if (value instanceof PsObject) return { object: propertiesOf(value).map(([name, of]) => [name, described(of)]) };
  if (isScriptBlock(value)) return { block: value.text };
  if (Array.isArray(value)) return value.map((item) => described(item as Value));
  return printed(value);
}

/** .NET's own objects (GroupInfo, MeasureInfo) have their properties in no order that counts. */
function propertiesOf(value: PsObject): [string, Value][] {
  const pairs = Object.entries(value.properties);
  return /^(?:Group|.*Measure)Info|^MemberDefinition|^DictionaryEntry/.test(value.type)
    ? pairs.sort(([a], [b]) => (a < b ? -1 : 1))
    : pairs;
}

function wallText(date: Date): string {
  const text = new Date(wallOf(date)).toISOString().slice(0, -1);
  return text.replace(/\.?0+$/, '').length < 19 ? text.slice(0, 19) : text.replace(/\.?0+$/, '');
}

const BY_NAME: Readonly<Record<string, string>> = {
  Bindings: 'bindings',
  RemoteIPRanges: 'ranges',
  AuthMechanism: 'auth',
  PermissionGroups: 'groups',
  ProtocolLoggingLevel: 'logging',
  TransportRole: 'role',
  Server: 'id',
  Identity: 'id',
  Fqdn: 'fqdn',
  Guid: 'guid',
};

function stub(name: string, value: Value): [name: string, type: string, value: unknown] {
  if (value === null || value === '') return [name, 'text', value];
  const type =
    BY_NAME[name] ??
    (value instanceof ByteSize
      ? 'size'
      : value instanceof TimeSpan
        ? 'span'
        : value instanceof Unlimited
          ? 'limit'
          : value instanceof Date
            ? 'date'
            : Array.isArray(value)
              ? 'texts'
              : typeof value === 'boolean'
                ? 'bool'
                : typeof value === 'number'
                  ? 'int'
                  : 'text');
  const plain = Array.isArray(value)
    ? value.map((item) => printed(item as Value))
    : value instanceof Date
      ? value.toISOString()
      : value;
  const text = type === 'bool' || type === 'int' || Array.isArray(plain) ? plain : String(plain);
  return [name, type, text];
}
