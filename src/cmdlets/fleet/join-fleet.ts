/** Join-Fleet: this server's connectors become part of a fleet's one configuration. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { serverNameProblem } from '../../domain/names.ts';
import { engineUrl, parseEngineAddress } from '../../fleet/engine-address.ts';
import { FleetError } from '../../fleet/fleet-error.ts';
import type { Joined } from '../../fleet/join.ts';
import { fleetNameProblem } from '../../fleet/keys.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { authorOf } from '../../store/author.ts';
import { show } from '../../text/printable.ts';
import { PASSWORD, PASSWORD_PARAMETERS, passwordGiven, passwordInFile, passwordOf } from '../users/password-source.ts';
import { withFleetErrors } from './fleet-errors.ts';

const PARAMETERS = [
  {
    name: 'Engine',
    aliases: ['Url'],
    type: 'string',
    position: 0,
    mandatory: true,
    placeholder: 'URL',
    help: 'Where Redis or Valkey is: redis://HOST:PORT, or rediss://USER@HOST:PORT with TLS; never with a password in it.',
  },
  {
    name: 'Name',
    type: 'string',
    placeholder: 'FLEET',
    help: 'Name of the fleet, so that several can use one engine; default when not given.',
  },
  {
    name: 'Server',
    type: 'string',
    placeholder: 'NAME',
    help: 'What this server is called in the fleet, as in SERVER\\Name; the name it has when not given.',
  },
  PASSWORD,
  ...PASSWORD_PARAMETERS,
  {
    name: 'CaFile',
    type: 'path',
    help: 'Certificates (PEM) that sign the engine’s, of a CA of your own; kept in the home. Without it those that the system’s Node knows.',
  },
  {
    name: 'AllowPlaintext',
    type: 'switch',
    help: 'Password hashes of SMTP users may travel to the engine without TLS: the network is trusted.',
  },
] as const;

export const joinFleet = defineCmdlet({
  name: 'Join-Fleet',
  short: 'join-fleet',
  group: 'server',
  passesFleet: true,
  summary: 'Join a fleet: servers with one configuration and limits that count over all of them',
  description:
    'An engine without the fleet takes what this home has; a fleet that exists gets this server’s connectors beside the others’. From then on every change is agreed on in the engine, and every listener of the fleet obeys it. A member that joins again gives a new address or password, or puts the fleet into an engine that lost it. The password is kept in the home, readable by its owner only; RC_FLEET_PASSWORD_FILE names a file with it. docs/fleet.md tells all of it.',
  changes: 'low',
  parameters: PARAMETERS,
  examples: [
    {
      command: 'rc join-fleet redis://10.0.0.5:6379 --server EX01',
      language: "Join-Fleet 'redis://10.0.0.5:6379' -Server EX01",
      does: 'Joins the fleet of that engine, or begins one, as EX01.',
    },
    {
      command: 'rc join-fleet rediss://rc@valkey.contoso.com --password-file /etc/rc/engine.password',
      does: 'The same with TLS, a user of the engine and its password.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { host, store } = context;
    const address = addressOf(args.Engine ?? '');
    const fleet = args.Name ?? 'default';
    const problem = fleetNameProblem(fleet);
    if (problem) throw usage(`${call.spell('Name')}: ${show(fleet)} ${problem}.`);
    const server = args.Server?.trim();
    const wrong = server === undefined ? undefined : serverNameProblem(server);
    if (wrong) throw usage(`${call.spell('Server')}: ${show(server)} ${wrong}.`);
    const url = engineUrl(address);
    const { whatIf } = context.preferences;
    const what = `Joining the fleet "${fleet}" of ${url}.`;
    if (!whatIf && !(await context.shouldProcess(what))) return;
    const author = authorOf(host.env, `rc join-fleet ${url}`);
    const ca = args.CaFile === undefined ? undefined : await certificatesIn(resolve(host.cwd, args.CaFile));
    const joining = { address, fleet, server, ca, allowPlaintext: args.AllowPlaintext, onlyLook: whatIf };
    const joined = await withFleetErrors(async () => {
      const { join } = await import('../../fleet/join.ts');
      const password = await givenPassword(call, url);
      try {
        return await join(store, { ...joining, password }, author);
      } catch (error) {
        if (!(error instanceof FleetError) || error.problem !== 'denied' || password !== undefined) throw error;
        const asked = await host.ask(`Password for ${url}: `, { secret: true });
        if (!asked) throw error;
        return join(store, { ...joining, password: asked }, author);
      }
    });
    if (whatIf) await context.shouldProcess(what);
    host.writeHost(whatIf ? `  ${wouldBe(joined)}` : toldOf(joined, fleet, url));
    for (const note of joined.notes) context.warn(note);
    yield* []; // a change outputs nothing
  },
});

/** @throws CmdletError (usage) */
function addressOf(text: string): ReturnType<typeof parseEngineAddress> {
  try {
    return parseEngineAddress(text);
  } catch (error) {
    throw usage(`Join-Fleet: ${(error as Error).message}`);
  }
}

const MOST_CA = 1024 * 1024;

/** @throws CmdletError */
async function certificatesIn(path: string): Promise<string> {
  const refused = (why: string) =>
    new CmdletError(`${show(path)} ${why}. Give certificates in PEM: -----BEGIN CERTIFICATE-----`, {
      id: 'InvalidCaFile',
    });
  let text: string;
  try {
    if (statSync(path).size > MOST_CA) throw refused(`has more than ${MOST_CA} bytes`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof CmdletError) throw error;
    throw refused(`cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);
  }
  const { X509Certificate } = await import('node:crypto');
  const found = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  try {
    if (!found.length) throw new Error('there are none');
    for (const pem of found) new X509Certificate(pem);
  } catch (error) {
    throw refused(`has no certificates (${(error as Error).message})`);
  }
  return `${found.join('\n')}\n`;
}

async function givenPassword(call: Call<(typeof PARAMETERS)[number]>, url: string): Promise<string | undefined> {
  if (passwordGiven(call.arguments)) return passwordOf(call, url, false);
  const { host } = call.context;
  const file = host.env.RC_FLEET_PASSWORD_FILE;
  return file ? passwordInFile(resolve(host.cwd, file), call.context) : undefined;
}

function wouldBe({ how, server, generation, engine }: Joined): string {
  const at = `generation ${generation} (the engine is ${engine})`;
  switch (how) {
    case 'founded':
      return `It is not there yet, and would begin with ${server} and what this home has, at ${at}.`;
    case 'joined':
      return `${server} and its connectors would come beside the others, at ${at}.`;
    case 'again':
      return `${server} is in it, and would go on following it at ${at}.`;
    default:
      return `The engine has lost it, and it would be there again as ${server} had it, at ${at}.`;
  }
}

function toldOf({ how, server, generation, engine }: Joined, fleet: string, url: string): string {
  const at = `${url} (${engine}), generation ${generation}`;
  switch (how) {
    case 'founded':
      return `The fleet "${fleet}" begins with ${server}, at ${at}.`;
    case 'joined':
      return `${server} is in the fleet "${fleet}", at ${at}.`;
    case 'again':
      return `${server} follows the fleet "${fleet}" at ${at}.`;
    default:
      return `The fleet "${fleet}" is there again as ${server} had it, at ${at}.`;
  }
}
