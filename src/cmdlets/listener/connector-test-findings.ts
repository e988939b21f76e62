/** What Test-ReceiveConnector found, as objects: who takes the client, the limits, its rights, each command and its reply. Pure. */

import type { Endpoint } from '../../domain/address.ts';
import { causeWords, type Words } from '../../domain/cause-words.ts';
import type { Connector } from '../../domain/connector.ts';
import type { Finding } from '../../domain/finding.ts';
import { countedBy, perWindow } from '../../domain/message-rate.ts';
import { settingsFor } from '../../domain/override.ts';
import { groupGrants, principalNamed, RIGHT_PREFIX, RIGHTS, type Right, rightNamed } from '../../domain/permissions.ts';
import type { Exchange, RatesUsed, Rehearsal } from '../../domain/rehearsal.ts';
import { type Choice, isBoundTo } from '../../domain/selection.ts';
import type { SettingName } from '../../domain/settings.ts';
import { sourceOf } from '../../domain/source.ts';
import { endText } from '../../domain/temporary.ts';
import type { Transport } from '../../domain/transport.ts';
import { NO_CONNECTION_RATE } from '../../domain/transport-settings.ts';
import { PsObject, type Value } from '../../pipeline/value.ts';
import { shellWord } from '../../text/shell-word.ts';
import { endpointText } from './connector-test-question.ts';

/** Connections open now; `undefined` when no listener tells. */
export interface InUse {
  readonly connector: number;
  readonly source: number;
  /** Of the rates; `undefined` when the listener does not tell. */
  readonly used: RatesUsed | undefined;
}

/** Of connectors whose ranges do not hold the client so many are named. */
const MOST_ELSEWHERE = 10;
/** Connectors that a binding nobody has could be given to. */
const MOST_MENDS = 3;

interface Row {
  readonly step: string;
  readonly subject: string;
  readonly result: string;
  /** null: it is neither good nor bad. */
  readonly accepted: boolean | null;
  /** Behind a refusal: the problem of its finding. */
  readonly why?: string | undefined;
  readonly mend?: Finding['mend'] | undefined;
  readonly connector?: string | null;
  readonly delay?: number;
  readonly same?: boolean;
}

/** How connectors and commands about them are said. */
export interface Wording {
  connector(name: string): string;
  command(text: string): string;
}

/** From another server: its connectors with its name before theirs, commands for it. */
export function wordingFor(server: string): Wording {
  return {
    connector: (name) => `${server}\\${name}`,
    // the connector is the first word behind these commands, quoted where it has to be
    command: (text) =>
      text
        .replace(
          /^(rc (?:set|get|remove|(?:add|get|remove)-ad-permission) )('(?:[^']|'\\'')*'|[^\s'-]\S*)/,
          (_, command: string, word: string) =>
            `${command}${shellWord(`${server}\\${word.replace(/^'|'$/g, '').replaceAll("'\\''", "'")}`)}`,
        )
        .replace(/^rc set-transport-service(?= )/, `$& ${shellWord(server)}`),
  };
}

export class Findings {
  #connector: string | null = null;
  constructor(
    readonly from: string,
    readonly local: Endpoint,
    /** Told with limits, rights and every command on a terminal. */
    readonly full = false,
    /** How another server's connectors are said. */
    readonly wording: Wording = { connector: (name) => name, command: (text) => text },
  ) {}

  /** One finding as an object; all have the same properties. */
  object(finding: Row): PsObject {
    const { step, subject, result, accepted, why = '', mend = [], connector = this.#connector, delay = 0 } = finding;
    return new PsObject(this.full ? 'ConnectorTestInFull' : 'ConnectorTest', {
      Step: step,
      Subject: subject,
      Result: result,
      Accepted: accepted,
      Why: why,
      Mend: mend.map(this.wording.command) as Value[],
      Connector: connector === null ? null : this.wording.connector(connector),
      From: this.from,
      Local: endpointText(this.local),
      Delay: delay,
      Same: finding.same ?? null,
    });
  }

  /** Who takes the client, and what stands against the others. */
  *selection(choice: Choice<Connector>): Generator<PsObject> {
    const { connector, range, passed } = choice;
    this.#connector = connector?.Name ?? null;
    if (connector) {
      const held = passed.filter((p) => p.range !== undefined && p.reason !== 'disabled').length;
      const others = held ? `the most specific of ${held + 1} that hold` : 'the only one that holds';
      const why = `its remote range ${range} on ${choice.binding} is ${others} ${this.from}`;
      yield this.object({ step: 'Select', subject: connector.Name, result: 'takes the client', accepted: true, why });
    }
    const elsewhere = passed.filter((p) => p.range === undefined);
    const named = [...passed.filter((p) => p.range !== undefined), ...elsewhere.slice(0, MOST_ELSEWHERE)];
    for (const { connector, why } of named) {
      const { Name } = connector;
      yield this.object({ step: 'Select', subject: Name, result: 'passed over', accepted: null, why, connector: Name });
    }
    const more = elsewhere.length - MOST_ELSEWHERE;
    if (more > 0)
      yield this.object({
        step: 'Select',
        subject: `${more} more`,
        result: 'passed over',
        accepted: null,
        why: 'do not listen there, or have no remote IP range with the client in it',
        connector: null,
      });
  }

  /** Nobody listens there: the connection does not come about. */
  *deaf(choice: Choice<Connector>, connectors: readonly Connector[]): Generator<PsObject> {
    const { port } = this.local;
    const disabled = connectors.filter((c) => !c.Enabled && isBoundTo(this.local, c));
    const enabled = connectors.filter((c) => c.Enabled);
    const onPort = enabled.filter((c) => c.Bindings.some((b) => b.port === port));
    const nearest = (onPort.length ? onPort : enabled).slice(0, MOST_MENDS);
    const ports = [...new Set(enabled.flatMap((c) => c.Bindings.map(String)))];
    const where = ports.length
      ? ` Bindings there are: ${ports.slice(0, 8).join(', ')}${ports.length > 8 ? ', …' : ''}.`
      : '';
    yield this.object({
      step: 'Connect',
      subject: '',
      result: 'connection refused',
      accepted: false,
      why: `${choice.why}${disabled.length ? '' : where}`,
      mend: disabled.length
        ? disabled.map((c) => `rc set ${shellWord(c.Name)} --enabled true`)
        : nearest.map((c) => `rc set ${shellWord(c.Name)} --add-bindings ${shellWord(endpointText(this.local))}`),
    });
    yield this.#verdict(`nobody listens on port ${port} there`);
  }

  *limits(
    connector: Connector,
    transport: Transport,
    rehearsal: Rehearsal,
    inUse: InUse | undefined,
  ): Generator<PsObject> {
    const source = sourceOf(this.from, connector.MaxInboundConnectionSourcePrefix);
    const c = settingsFor(connector, source);
    const ends = new Map<string, string>(c.Temporary.map(({ Setting, Until }) => [Setting, `until ${endText(Until)}`]));
    for (const [name, about, accepted, result = c[name as keyof Connector]] of limitRows({
      c,
      source,
      transport,
      rehearsal,
      inUse,
    })) {
      const end = ends.get(name);
      const by = c.Override && Object.hasOwn(c.Override.limits, name) ? `; by the override of ${c.Override.range}` : '';
      const why = by || end === undefined ? `${about}${by}` : `${about}; temporary, ${end}`;
      ends.delete(name);
      yield this.object({ step: 'Limit', subject: name, result: String(result), accepted, why });
    }
    for (const [name, end] of ends)
      yield this.object({
        step: 'Limit',
        subject: name,
        result: String(c[name as SettingName]),
        accepted: null,
        why: `temporary, ${end}`,
      });
  }

  *rights(connector: Connector, { principals, rights }: Rehearsal): Generator<PsObject> {
    for (const right of RIGHTS) {
      const has = rights.includes(right);
      const from = originOf(connector, right, principals);
      const result = has ? 'granted' : from === '' ? 'not granted' : 'denied';
      yield this.object({ step: 'Right', subject: RIGHT_PREFIX + right, result, accepted: null, why: from });
    }
  }

  /** The dialogue, and what comes of it. */
  *dialogue({ exchanges }: Rehearsal, mailed: boolean): Generator<PsObject> {
    for (const { step, command, reply, accepted, because, delay } of exchanges) {
      const words: Partial<Words> = because ? causeWords(because) : {};
      yield this.object({
        step,
        subject: command,
        result: replyText(reply),
        accepted,
        delay,
        why: words.problem,
        mend: words.mend,
      });
    }
    const refused = exchanges.find((exchange) => !exchange.accepted);
    if (!refused)
      yield this.#verdict('', mailed ? 'the message is taken' : 'the sender may submit; no recipient was tried');
    else yield this.#verdict(refused.command === '' ? 'the connection is refused' : `${refused.command} is refused`);
  }

  #verdict(refusal: string, good = ''): PsObject {
    const accepted = refusal === '';
    const result = accepted ? 'accepted' : 'refused';
    return this.object({ step: 'Result', subject: '', result, accepted, why: accepted ? good : refusal });
  }
}

/** Would all that the client says be taken? */
export function isAccepted({ exchanges }: Rehearsal): boolean {
  return exchanges.every((exchange) => exchange.accepted);
}

export function replyText(reply: Exchange['reply']): string {
  return reply.length ? reply.join('\n') : 'connection closed';
}

/** Which group or grant gives a right to one of these principals, or takes it away; empty for none. */
function originOf(connector: Connector, right: Right, principals: readonly string[]): string {
  const named = (user: string) => principals.includes(principalNamed(user));
  const grants = connector.Grants.filter((g) => named(g.User) && g.ExtendedRights.some((r) => rightNamed(r) === right));
  const denial = grants.find((g) => g.Deny);
  if (denial) return `denied to ${shortName(denial.User)} by Add-ADPermission`;
  const group = groupGrants(connector).find((g) => principals.includes(g.principal) && g.rights.includes(right));
  if (group) return `${group.group} (${shortName(group.principal)})`;
  const [grant] = grants;
  return grant ? `Add-ADPermission (${shortName(grant.User)})` : '';
}

/** A principal without its domain. */
function shortName(principal: string): string {
  return principal.slice(principal.lastIndexOf('\\') + 1);
}

/** A limit in force: why, whether what is used is below it, and its value where that is none of the connector's. */
type LimitRow = readonly [
  name: keyof Connector | 'MaxConnectionRatePerMinute',
  why: string,
  accepted: boolean | null,
  result?: number,
];

interface LimitsOf {
  readonly c: Connector;
  readonly source: string;
  readonly transport: Transport;
  readonly rehearsal: Rehearsal;
  readonly inUse: InUse | undefined;
}

function limitRows({ c, source, transport, rehearsal, inUse }: LimitsOf): LimitRow[] {
  const { MaxConnectionRatePerMinute: ofAll } = transport;
  const { percentageLimit } = rehearsal;
  const perSource = Number(c.MaxInboundConnectionPerSource);
  const share = percentageLimit ?? Number.POSITIVE_INFINITY;
  const open = (n: number | undefined) => (n === undefined ? '' : `: ${n} open now`);
  const below = (n: number | undefined, limit: number) => (n === undefined ? null : n < limit);
  const used = inUse?.used;
  const lately = (n: number | undefined) => (n === undefined ? '' : `: ${n} in the last one`);
  const sent = used && Math.max(0, ...used.messages.map(([, messages]) => messages));
  const messages = sent === undefined ? null : sent < Number(c.MessageRateLimit);
  return [
    [
      'MaxInboundConnection',
      `all sources together${open(inUse?.connector)}`,
      below(inUse?.connector, Number(c.MaxInboundConnection)),
    ],
    [
      'MaxInboundConnectionPerSource',
      `${source} alone${open(inUse?.source)}${share < perSource ? '; the percentage is less' : ''}`,
      below(inUse?.source, perSource),
    ],
    [
      'MaxInboundConnectionPercentagePerSource',
      `of what others have not taken: ${percentageLimit ?? 'no limit'} now`,
      below(inUse?.source, share),
    ],
    [
      'MaxInboundConnectionRatePerSource',
      `connections a minute${lately(used?.connections)}`,
      below(used?.connections, Number(c.MaxInboundConnectionRatePerSource)),
    ],
    [
      'MaxConnectionRatePerMinute',
      `the same, of all connectors together${lately(used?.connectionsOfAll)}`,
      ofAll === NO_CONNECTION_RATE ? null : below(used?.connectionsOfAll, ofAll),
      ofAll,
    ],
    [
      'MessageRateLimit',
      `messages ${perWindow(c)}, by ${countedBy(c)}${sent === undefined ? '' : `: ${sent} counted`}`,
      messages,
    ],
    ['MaxRecipientsPerMessage', 'recipients of one message', null],
    ['MaxMessageSize', 'without Bypass-Message-Size-Limit', null],
    ['MaxProtocolErrors', 'mistakes, then it is closed', null],
    ['MaxLogonFailures', 'failed logons, then it is closed', null],
    ['TarpitInterval', 'before a 5xx reply to strangers', null],
    ['ConnectionInactivityTimeout', 'without a word', null],
    ['ConnectionTimeout', 'in all', null],
  ];
}
