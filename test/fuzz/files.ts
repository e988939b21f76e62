/** Files from outside, spoilt: an import is taken or refused in words and in bounded time; a certificate is read, or its fault told. */
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { certificateIn, UnusableCertificate } from '../../src/certificates/certificate-file.ts';
import { firstDocument } from '../../src/store/first-use.ts';
import { decodeText } from '../../src/text/decode-text.ts';
import { merged } from '../../src/transfer/merge.ts';
import { ConfigurationError, configurationFrom, refuseInvalid } from '../../src/transfer/read.ts';
import { type Case, mutated, type Random } from './random.ts';

/** One file that takes longer than this hangs whoever reads it. */
const PATIENCE_MS = 10_000;

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  'null',
  'true',
  '-0',
  '1e999',
  '9'.repeat(400),
  '0x10',
  '.inf',
  '.nan',
  '&a ',
  '*a',
  '<<: ',
  '!!js/function ',
  '? ',
  '- ',
  '|\n',
  '>\n',
  '---\n',
  '%YAML 1.1\n',
  '#',
  "'",
  '\t',
  '\n',
  '\r\n',
  '\ufeff',
  '\u202e',
  '\u2800',
  '"__proto__": {"x": 1},',
  '"constructor":',
  '['.repeat(5000),
  '{"a":'.repeat(500),
  '- '.repeat(3000),
  '(a?){60}a{60}',
  '"Name": "Default EX",',
  '"Guid": "",',
  '"Bindings": ["[::]:25"],',
  '"RemoteIPRanges": "0.0.0.0/0",',
  '"FaultRules": ["connect reset every 2"],',
  ' first 99999999999999999999 ',
  ' 101% ',
  '@@@',
  '\0',
];

const JSON_FILE = JSON.stringify(
  {
    connectors: [
      {
        Name: 'Default EX',
        Bindings: ['127.0.0.1:25'],
        MaxMessageSize: '36MB',
        TarpitInterval: '00:00:05',
        AuthMechanism: 'Tls',
      },
      {
        Name: 'Relay',
        Bindings: ['127.0.0.1:26'],
        RemoteIPRanges: ['10.0.0.0/8', '::1'],
        PermissionGroups: 'AnonymousUsers',
        MaxInboundConnection: 'Unlimited',
        FaultRules: ['rcpt 451 4.3.0 "Greylisted" first 3', 'data delay 2s 10% seed 7 sender *@contoso.com'],
        LimitScope: 'Fleet',
        MessageRateLimitWindow: '01:00:00',
      },
    ],
    acceptedDomains: [{ Name: 'c', DomainName: '*.contoso.com', DomainType: 'Authoritative' }],
    users: [{ Name: 'anna', Enabled: true }],
    transport: { DeliveryMethod: 'Discard' },
  },
  null,
  1,
);
const YAML_FILE = `connectors:
  - Name: Default EX
    Bindings: [127.0.0.1:25]
    MaxMessageSize: 36MB
    TarpitInterval: 00:00:05
  - Name: Relay
    Bindings:
      - 127.0.0.1:26
    RemoteIPRanges: &r [10.0.0.0/8]
    Comment: |
      two
      lines
acceptedDomains: [{ Name: c, DomainName: "*.contoso.com" }]
transport: { DeliveryMethod: Discard }
`;
const NDJSON_FILE =
  '{"Name":"A","Bindings":"127.0.0.1:25"}\n{"Name":"B","Bindings":["127.0.0.1:26"],"MaxHopCount":30}\n';

export const importCase: Case = async (random) => {
  const [name, text] = random.pick([
    ['x.json', JSON_FILE],
    ['x.yaml', YAML_FILE],
    ['x.ndjson', NDJSON_FILE],
    ['-', YAML_FILE],
  ] as const);
  const bytes = mutated(random, Buffer.from(text), TOKENS);
  await inTime(bytes, async () => {
    try {
      const base = firstDocument(new Date(0));
      const read = await configurationFrom(name, decodeText(bytes));
      refuseInvalid(
        read,
        merged(base, read.configuration, random.pick(['merge', 'replace']), '2026-11-28T00:00:00Z', new Map(), true),
      );
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      clear(error.message);
    }
  });
};

/** @param texts PEM files with certificate and key */
export function certificateCase(texts: readonly string[]): Case {
  const tokens = [
    '-----BEGIN CERTIFICATE-----\n',
    '-----END CERTIFICATE-----\n',
    '-----BEGIN PRIVATE KEY-----\n',
    '-----END PRIVATE KEY-----\n',
    'ENCRYPTED ',
    'MII',
    '=',
    '\0',
    '\n',
    'A'.repeat(5000),
  ];
  return async (random: Random) => {
    const bytes =
      random.below(3) === 0 ? swapped(random, texts) : mutated(random, Buffer.from(random.pick(texts)), tokens);
    await inTime(bytes, () => {
      try {
        const { chain, key } = certificateIn('x.pem', decodeText(bytes), random.pick(['', ...texts]));
        createSecureContext({ cert: chain, key }); // what is called usable can be used
      } catch (error) {
        if (!(error instanceof UnusableCertificate)) throw error;
        clear(error.message);
      }
    });
  };
}

/** A byte of the DER inside changed: the PEM is whole, what is in it is not. */
function swapped(random: Random, texts: readonly string[]): Buffer {
  return Buffer.from(
    random.pick(texts).replace(/(-----BEGIN CERTIFICATE-----\n)([\s\S]+?)(\n-----END)/, (_, head, body, end) => {
      const der = Buffer.from(body, 'base64');
      for (let n = 1 + random.below(3); n > 0; n--) der[random.below(der.length)] = random.below(256);
      return head + der.toString('base64') + end;
    }),
  );
}

export function pemFiles(folder: string, files: readonly string[]): string[] {
  return files.map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
}

/** Words for a person: no number of OpenSSL's, no stack, not without end. Control characters are escaped where it is shown. */
function clear(message: string): void {
  if (/should not happen|error:[0-9A-F]{6,}|\bat .*\.ts:|\bundefined\b|\[object/.test(message))
    throw new Error(`not a clear error: ${JSON.stringify(message.slice(0, 500))}`);
  if (message.length > 20_000) throw new Error(`an error of ${message.length} characters`);
}

async function inTime(bytes: Buffer, work: () => Promise<void> | void): Promise<void> {
  const begun = process.cpuUsage().user;
  try {
    await work();
  } catch (error) {
    throw new Error(`${(error as Error).stack}\nfile: ${JSON.stringify(bytes.toString('latin1').slice(0, 2000))}`);
  }
  const took = (process.cpuUsage().user - begun) / 1000;
  if (took > PATIENCE_MS)
    throw new Error(`${took.toFixed(0)} ms for ${JSON.stringify(bytes.toString('latin1').slice(0, 2000))}`);
}
