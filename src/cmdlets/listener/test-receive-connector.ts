/**
 * Test-ReceiveConnector: what a client would meet, command by command, and why. The replies are those of the listener's own
 * gate and session, rehearsed (src/listener/rehearsal); -Live tries them over the wire too. Ours: Exchange has no such cmdlet.
 */

import { ownAddresses } from '../../checks/own-addresses.ts';
import {
  type ConnectorRatesUsed,
  type ListenerStatus,
  listenerStatus,
  ratesUsed,
  type SourceDetail,
  sources,
} from '../../control/listener-client.ts';
import type { Endpoint } from '../../domain/address.ts';
import type { Connector } from '../../domain/connector.ts';
import { parseRange } from '../../domain/range.ts';
import type { Occupied, Rehearsal } from '../../domain/rehearsal.ts';
import { anyAddress, explainSelection, isListenedOn, noConnectors } from '../../domain/selection.ts';
import { readTransport } from '../../domain/transport.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import type { Context } from '../../pipeline/context.ts';
import { usage } from '../../pipeline/error.ts';
import type { StoreDocument } from '../../store/document.ts';
import { Draft } from '../../store/draft.ts';
import { aloneOf } from '../../store/organization.ts';
import { allMeant, connectorsMeant } from '../connectors/connector-object.ts';
import { passwordOf } from '../users/password-source.ts';
import { Findings, type InUse, isAccepted, type Wording, wordingFor } from './connector-test-findings.ts';
import { listenerOf, overTheWire } from './connector-test-live.ts';
import { endpointsOf, endpointText, PARAMETERS, questionOf, type TestQuestion } from './connector-test-question.ts';

type OwnCall = Call<(typeof PARAMETERS)[number]>;

export const testReceiveConnector = defineCmdlet({
  name: 'Test-ReceiveConnector',
  short: 'why',
  words: ['explain'],
  group: 'connectors',
  summary: 'Tell what a client would be answered, command by command, and why',
  description:
    'Which connector takes the client and why not the others; the limits in force, with what is open now when a listener runs; its rights, and where they come from; the reply to each command; and for a refusal the setting behind it and what to type. On a terminal the verdict for each binding stands first, with what was refused; --full shows all of it. Nothing is connected to and nothing is changed, unless --live tries it over the wire too (never a message). Without --to every binding is looked at. Exit code 1: a command would be refused (without --to: at every binding), or the wire answered otherwise.',
  gives: 'ConnectorTest',
  input: 'optional',
  parameters: PARAMETERS,
  examples: [
    {
      command: 'rc test-receive-connector --from 10.1.2.3 --to 2525 --rcpt-to kim@contoso.net',
      language: 'Test-ReceiveConnector -From 10.1.2.3 -To 2525 -RcptTo kim@contoso.net',
      does: 'Goes through all that a client at 10.1.2.3 meets on port 2525 on the way to a recipient.',
    },
    {
      command: 'rc why --from 10.7.1.1 --to 2530 --mail-from scan@contoso.net --rcpt-to x@adatum.com',
      does: 'Finds why a scanner may not send to somebody outside, and what to type.',
    },
    {
      command: 'rc why --from 10.7.1.1 --to 2587 --tls --user scanner --rcpt-to x@adatum.com',
      does: 'The same for a client that says STARTTLS and logs on as scanner.',
    },
    {
      command: "rc why --from 10.7.1.1 --rcpt-to x@adatum.com | jq -r 'select(.Accepted == false) | .Mend[]?'",
      does: 'Gives the commands that would let it in to a script.',
    },
    {
      command: 'rc why Relay --from 127.0.0.1 --rcpt-to kim@contoso.net --live',
      language: 'Get-ReceiveConnector Relay | Test-ReceiveConnector -From 127.0.0.1 -RcptTo kim@contoso.net -Live',
      does: 'Tries it on the running listener too, and lays the replies side by side.',
    },
  ],
  async *run(call) {
    const { context } = call;
    const question = questionOf(call);
    const named = await connectorsNamed(call);
    const server = serverAsked(call, named);
    const { draft, isHere, wording } = seenFrom(context, server);
    const all = draft.own.map((stored) => draft.connector(stored));
    if (!isHere && question.live)
      throw usage(
        `${call.spell('Live')} connects to the listener of this home, and ${server} is another machine's; there: rc why … --live`,
      );
    if (!isHere)
      context.warn(
        `${server} is another server: its settings are judged. What is open there now, and which certificates it has, only its own machine knows.`,
      );
    const { user } = question.script;
    const password = question.live && user !== '' ? await passwordOf(call, user, false) : undefined;
    const asking = new Asking(
      context,
      draft.document,
      question,
      isHere ? await lookAtListener(context, question) : undefined,
    );
    const taken: boolean[] = [];
    if (!all.length) context.warn(noConnectors(server));
    for (const local of endpointsOf(question, named ?? all, named !== undefined)) {
      const choice = explainSelection(all, local, question.from.text);
      const findings = new Findings(question.from.text, local, call.arguments.Full, wording);
      const rehearsal = isListenedOn(local, all) ? await asking.rehearse(question.from.text, local) : undefined;
      // All at once from here, for a table is as wide as the rows that come together.
      yield* findings.selection(choice);
      if (!rehearsal) {
        yield* findings.deaf(choice, all);
        taken.push(false);
        continue;
      }
      if (choice.connector) {
        const inUse = asking.inUse(choice.connector.Guid, question.from.text);
        yield* findings.limits(choice.connector, readTransport(draft.document.transport), rehearsal, inUse);
        if (rehearsal.principals.length) yield* findings.rights(choice.connector, rehearsal);
      }
      yield* findings.dialogue(rehearsal, question.script.rcptTo.length > 0);
      taken.push(isAccepted(rehearsal));
      if (question.live && !(yield* overTheWire(findings, asking.liveScene(local, password))))
        context.statement.exitCode = 1;
    }
    if (!(question.to === undefined ? taken.some(Boolean) : taken.every(Boolean))) context.statement.exitCode = 1;
  },
});

/** The one server whose listener is meant: that of -Server, or of the connectors named; else this one. @throws CmdletError when there are several */
function serverAsked({ context, spell }: OwnCall, named: readonly Connector[] | undefined): string {
  const { site } = context.statement.draft;
  const asked = named?.length ? named.map(({ Server }) => Server) : (context.onServers ?? [site]).map((s) => s.server);
  const [first = site.server, ...more] = new Set(asked);
  if (more.length)
    throw usage(
      `A client comes to one server, and ${[first, ...more].join(', ')} are meant; give one: ${spell('Server' as 'From')} ${first}`,
    );
  return first;
}

/** The store as that server's home has it, and how what is to be typed says its connectors from here. */
function seenFrom(
  { statement }: Context,
  server: string,
): { draft: Draft; isHere: boolean; wording: Wording | undefined } {
  const { draft } = statement;
  if (draft.servers.isOwn({ Server: server })) return { draft, isHere: true, wording: undefined };
  return { draft: new Draft(aloneOf(draft.document, server)!), isHere: false, wording: wordingFor(server) };
}

/** The connectors named or piped in; `undefined` when none were. */
async function connectorsNamed({ arguments: args, input, context }: OwnCall): Promise<Connector[] | undefined> {
  const { draft } = context.statement;
  const meant: Connector[] = [];
  const add = (identity: Parameters<typeof connectorsMeant>[1]) => {
    for (const stored of connectorsMeant(context, identity)) meant.push(draft.connector(stored));
  };
  if (args.Identity !== undefined)
    for (const stored of allMeant(context, args.Identity)) meant.push(draft.connector(stored));
  else if (!input) return undefined;
  else for await (const piped of input) add(piped);
  return meant;
}

/** What the running listener tells of its connections. */
interface Running {
  readonly status: ListenerStatus;
  readonly sources: readonly SourceDetail[];
  /** What the client has used of the rates. */
  readonly rates: readonly ConnectorRatesUsed[];
}

function isBound({ address, port }: Endpoint, { bound }: ListenerStatus): boolean {
  const here = [address, anyAddress(address)].map((own) => endpointText({ address: own, port }));
  return bound.some(({ binding }) => here.includes(binding));
}

async function lookAtListener(context: Context, { from, script }: TestQuestion): Promise<Running | undefined> {
  const { home } = context.store;
  try {
    const status = await listenerStatus(home);
    if (!status) return undefined;
    const client = { address: from.text, sender: script.mailFrom, user: script.user };
    return { status, sources: (await sources(home)) ?? [], rates: (await ratesUsed(home, client)) ?? [] };
  } catch (error) {
    context.warn(`${(error as Error).message} What is open now is not known.`);
    return undefined;
  }
}

/** Asks the listener's bundle about one store. */
class Asking {
  readonly #store: string;
  constructor(
    readonly context: Context,
    readonly document: StoreDocument,
    readonly question: TestQuestion,
    readonly running: Running | undefined,
  ) {
    this.#store = JSON.stringify(document);
  }

  rehearse(remote: string, local: Endpoint): Promise<Rehearsal> {
    const { home } = this.context.store;
    return listenerOf(this.context.host.listener).rehearse({
      store: this.#store,
      path: home.store,
      certificates: home.certificates,
      remote,
      local,
      script: this.question.script,
      occupied: this.#occupied(remote),
      pressure: this.running?.status.pressure,
    });
  }

  #occupied(remote: string): Occupied[] {
    // A source may be a network: of IPv6 a /64 (MaxInboundConnectionSourcePrefix).
    const client = parseRange(remote);
    const isIn = (source: string) => {
      const range = parseRange(source);
      return range.family === client.family && range.covers(client);
    };
    const has = (guid: string) => {
      const source = this.running!.sources.find((s) => s.guid === guid && isIn(s.address));
      return source?.everywhere ?? source?.connections ?? 0;
    };
    return (this.running?.status.connectors ?? []).map(({ guid, connections }) => ({
      guid,
      open: connections,
      source: has(guid),
      // it was asked of one address
      used: remote === this.question.from.text ? this.running!.rates.find((r) => r.guid === guid) : undefined,
    }));
  }

  inUse(guid: string, remote: string): InUse | undefined {
    if (!this.running) return undefined;
    const occupied = this.#occupied(remote).find((o) => o.guid === guid);
    return { connector: occupied?.open ?? 0, source: occupied?.source ?? 0, used: occupied?.used };
  }

  liveScene(local: Endpoint, password: string | undefined): Parameters<typeof overTheWire>[1] {
    const { context, question } = this;
    return {
      listener: listenerOf(context.host.listener),
      question,
      local,
      password,
      isOurs: this.running !== undefined && isBound(local, this.running.status),
      trusted: readTransport(this.document.transport).ProxyProtocolTrustedSources,
      own: ownAddresses(),
      lag: this.#lag(),
      warn: (message) => context.warn(message),
      rehearse: (remote, at) => this.rehearse(remote, at),
    };
  }

  #lag(): string {
    if (!this.running) return 'No listener runs on this home: whoever answered is another program.';
    const { applied } = this.running.status.generation;
    const { generation } = this.document;
    return applied === generation ? '' : `The listener acts by generation ${applied}, the store is at ${generation}.`;
  }
}
