/**
 * Dialogues against the built listener: `bin/rc serve` on a home of its own, settings changed in its store.json as an
 * editor would, messages read from its Maildir.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitForGeneration } from '../../../src/control/listener-client.ts';
import type { Grant } from '../../../src/domain/connector.ts';
import type { StoredOverride } from '../../../src/domain/override.ts';
import { type Home, homeAt } from '../../../src/store/home.ts';
import { freePort } from '../../support/free-port.ts';
import { environment, RC } from '../../support/rc.ts';
import { storeIn, tempFolder, writeStore } from '../../support/temp-home.ts';
import { until } from '../../support/until.ts';
import { acceptedDomain, grantOf, type Stage, smtpUser, withOverride } from './dialogue.ts';

const PATIENCE = 20_000;

/** Things a dialogue can only do to the session alone. */
export const NOT_HERE: ReadonlySet<string> = new Set(['delivery', 'pressure']);

type Changes = {
  schemaVersion: number;
  connectors: Record<string, unknown>[];
  acceptedDomains: unknown[];
  users: { Name: string }[];
  transport: Record<string, unknown>;
};

/** Its files can be looked at, too. */
export interface ListenerStage extends Stage {
  readonly home: Home;
}

/** Another process may take the free port before the listener does: then with another one. */
export async function listenerStage(
  settings: Map<string, string[]>,
  flags: readonly string[] = [],
): Promise<ListenerStage> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptStage(settings, flags);
    } catch (error) {
      if (attempt === 5 || !/ is in use /.test((error as Error).message)) throw error;
    }
  }
}

async function attemptStage(settings: Map<string, string[]>, flags: readonly string[]): Promise<ListenerStage> {
  const folder = tempFolder('dialogue');
  const home = homeAt(folder);
  const port = await freePort();
  writeStore(
    folder,
    [
      {
        Name: 'Default EX',
        Bindings: [`127.0.0.1:${port}`],
        Fqdn: 'mail.contoso.com',
        PermissionGroups: 'AnonymousUsers',
        TarpitInterval: '00:00:00',
        AuthTarpitInterval: '00:00:00',
      },
    ],
    { server: { name: 'EX', fqdn: 'mail.contoso.com' } },
  );
  let generation = 1;
  const write = async (name: string, value: string): Promise<void> => {
    const document = storeIn(folder) as unknown as Changes & { generation: number };
    await change(document, name, value);
    generation = document.generation += 1;
    writeFileSync(`${home.store}.new`, JSON.stringify(document, null, 2), { mode: 0o600 });
    renameSync(`${home.store}.new`, home.store);
  };
  for (const [name, values] of settings) for (const value of values) await write(name, value);
  const serving = spawn(process.execPath, [RC, 'serve', ...flags], {
    env: environment({ home: folder }),
    stdio: 'pipe',
  });
  const said = listenTo(serving);
  await until('rc serve', () => said.out.includes('Ctrl-C') || said.ended, { timeout: PATIENCE });
  if (said.ended) throw new Error(`rc serve ended: ${said.out}${said.err}`);
  return {
    home,
    port,
    async set(name, value) {
      await write(name, value);
      const result = await waitForGeneration(home, generation, PATIENCE);
      if (result?.result !== 'applied') throw new Error(`not applied: ${JSON.stringify(result)}\n${said.err}`);
    },
    lineEnd: '\n',
    messages: async () => mailIn(join(home.mail, 'new')),
    async close() {
      serving.kill('SIGTERM');
      await until('the end of rc serve', () => said.ended, { timeout: PATIENCE });
      if (/"?level"?:? ?"?Error|\bError\b/.test(said.err)) throw new Error(`rc serve said: ${said.err}`);
    },
  };
}

async function change(document: Changes, name: string, value: string): Promise<void> {
  const [connector] = document.connectors as [Record<string, unknown>];
  switch (name) {
    case 'accepted':
      document.acceptedDomains = value.split(/[ ,]+/).filter(Boolean).map(acceptedDomain);
      return;
    case 'user':
      document.users.push(smtpUser(value));
      return;
    case 'nouser':
      document.users = document.users.filter((user) => user.Name !== value);
      return;
    case 'transport':
      Object.assign(document.transport, Object.fromEntries([value.split('=')]));
      return;
    case 'grant':
    case 'deny':
      connector.Grants = [...((connector.Grants as Grant[] | undefined) ?? []), grantOf(value, name === 'deny')];
      return;
    case 'override':
      connector.Overrides = withOverride((connector.Overrides as StoredOverride[] | undefined) ?? [], value);
      if (!(connector.Overrides as unknown[]).length) delete connector.Overrides;
      document.schemaVersion = 3;
      return;
    default:
      connector[name] = value;
  }
}

function listenTo(child: ChildProcess): { out: string; err: string; ended: boolean } {
  const said = { out: '', err: '', ended: false };
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  child.on('close', () => {
    said.ended = true;
  });
  return said;
}

/** Messages of a Maildir in the order they came, the envelope taken from Return-Path and Delivered-To. */
function mailIn(folder: string): { text: string; from: string; to: string[] }[] {
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch {
    return []; // none came yet
  }
  const order = (file: string) => Number(/Q(\d+)R/.exec(file)?.[1]);
  return files
    .sort((a, b) => order(a) - order(b))
    .map((file) => {
      // As it came over the wire: the Maildir has the line ends of files.
      const text = readFileSync(join(folder, file), 'latin1').replaceAll('\r\n', '\n');
      const envelope = Buffer.from(/^(?:(?:Return-Path|Delivered-To): .*\n)*/.exec(text)![0], 'latin1').toString(
        'utf8',
      );
      return {
        text,
        from: /^Return-Path: <(.*)>/m.exec(envelope)?.[1] ?? '',
        to: [...envelope.matchAll(/^Delivered-To: (.*?)\r?$/gm)].map((m) => m[1]!),
      };
    });
}
