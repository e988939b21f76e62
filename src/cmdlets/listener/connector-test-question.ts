/** What Test-ReceiveConnector is asked: the client, where it connects to, what it says. */

import { type Address, type Endpoint, nameHint, parseAddress } from '../../domain/address.ts';
import { binding } from '../../domain/address-kind.ts';
import type { Connector } from '../../domain/connector.ts';
import { size } from '../../domain/kind.ts';
import type { ClientScript } from '../../domain/rehearsal.ts';
import { localEnds } from '../../domain/selection.ts';
import type { ByteSize } from '../../domain/value.ts';
import { ValueError } from '../../domain/value-error.ts';
import type { Call } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { hostAndPort } from '../../text/bracketed.ts';
import { show } from '../../text/printable.ts';
import { IDENTITY } from '../connectors/connector-parameters.ts';
import { parsedArgument } from '../parsed-argument.ts';
import { PASSWORD_PARAMETERS } from '../users/password-source.ts';

export const PARAMETERS = [
  {
    ...IDENTITY,
    help: 'Only the bindings of these connectors are looked at; who takes the client there is still decided among all. "-" reads names or objects from standard input.',
  },
  {
    name: 'From',
    aliases: ['RemoteAddress'],
    type: 'string',
    mandatory: true,
    placeholder: 'IP',
    help: 'The client’s address.',
  },
  {
    name: 'To',
    aliases: ['Local'],
    type: 'string',
    placeholder: 'PORT or IP:PORT',
    help: 'The local port, or address and port, it connects to. Left out: every binding there is.',
  },
  {
    name: 'Helo',
    type: 'string',
    placeholder: 'NAME',
    help: 'The name the client gives at EHLO. Left out: its address in brackets.',
  },
  {
    name: 'MailFrom',
    type: 'string',
    placeholder: 'ADDRESS',
    help: 'The sender. Left out: the null sender <>, which no rule about senders refuses.',
  },
  {
    name: 'RcptTo',
    type: 'strings',
    placeholder: 'ADDRESS[,ADDRESS]',
    help: 'Recipients. Left out: it ends after MAIL.',
  },
  {
    name: 'User',
    type: 'string',
    completes: 'user',
    placeholder: 'NAME',
    help: 'The SMTP user the client logs on as; its password is needed with --live only.',
  },
  { name: 'Tls', type: 'switch', help: 'The client says STARTTLS.' },
  {
    name: 'Full',
    type: 'switch',
    help: 'On a terminal: the limits, the rights and every command too. In a pipe they are always there.',
  },
  { name: 'Size', type: 'string', placeholder: 'SIZE', help: 'How large the message is, such as 40MB.' },
  {
    name: 'Live',
    type: 'switch',
    help: 'Tries it over the wire too, up to the recipients, and compares. It comes from --from when that is an address of this machine, or when ProxyProtocolTrustedSources trusts this machine; else from this machine’s own.',
  },
  {
    name: 'Timeout',
    type: 'int',
    placeholder: 'SECONDS',
    help: 'How long connecting, and each reply over the wire, may take. Default: 30.',
  },
  ...PASSWORD_PARAMETERS,
] as const satisfies readonly Parameter[];

type OwnCall = Call<(typeof PARAMETERS)[number]>;

export interface TestQuestion {
  readonly from: Address;
  readonly to: string | undefined;
  readonly script: ClientScript;
  readonly live: boolean;
  readonly timeoutMs: number;
}

/** @throws CmdletError (usage) */
export function questionOf(call: OwnCall): TestQuestion {
  const { arguments: args } = call;
  const given = args.From;
  if (given === undefined) {
    const meant = args.Identity?.find((name) => parseAddress(name)) ?? '10.1.2.3';
    throw usage(`${call.cmdlet.name} needs the client’s address: ${call.spell('From')} ${meant}`);
  }
  const from = parseAddress(given);
  if (!from)
    throw usage(
      `From: ${show(given)} is not an IP address${nameHint(given)}; allowed: one IPv4 or IPv6 address, such as 10.1.2.3`,
    );
  const timeout = args.Timeout ?? 30;
  if (timeout < 1 || timeout > 3600)
    throw usage(
      `Timeout: ${timeout} is not possible; allowed: 1 to 3600 seconds. For example: ${call.spell('Timeout')} 30`,
    );
  const size = sizeOf(args.Size);
  return {
    from,
    to: args.To,
    script: {
      helo: said('Helo', args.Helo) ?? (from.family === 6 ? `[IPv6:${from.text}]` : `[${from.text}]`),
      tls: args.Tls,
      user: said('User', args.User) ?? '',
      mailFrom: bare(said('MailFrom', args.MailFrom) ?? ''),
      rcptTo: (args.RcptTo ?? []).map((address) => bare(oneLine('RcptTo', address))),
      ...(size === undefined ? {} : { size }),
    },
    live: args.Live,
    timeoutMs: timeout * 1000,
  };
}

function said(name: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : oneLine(name, text);
}

/** What a client says is one line; more of them would be commands of their own. */
function oneLine(name: string, text: string): string {
  if (/[\x00-\x1f\x7f]/.test(text))
    throw usage(`${name}: ${show(text)} has a control character in it, which no command can carry.`);
  return text;
}

/** `<a@b>` as people copy it from a log. */
function bare(address: string): string {
  return /^<.*>$/.test(address) ? address.slice(1, -1) : address;
}

function sizeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return parsedArgument('Size', () => (size(0, Number.MAX_SAFE_INTEGER).parse(text) as ByteSize).bytes);
}

/** The local ends that are meant: all of these connectors for the client's family, those of one port, or the one that was named. */
export function endpointsOf(question: TestQuestion, connectors: readonly Connector[], named: boolean): Endpoint[] {
  const { to, from } = question;
  const port = to !== undefined && /^\d{1,5}$/.test(to.trim()) ? Number(to) : undefined;
  if (to !== undefined && (port === undefined || port < 1 || port > 65535)) {
    try {
      const { address, port } = binding.parse(to);
      return [{ address, port }];
    } catch (error) {
      const allowed = 'a port from 1 to 65535, or address and port, such as 25, 192.168.1.10:25 or [fd00::1]:25';
      const other = to.includes('@') ? '. For a recipient: --rcpt-to' : '';
      throw error instanceof ValueError ? usage(`To: ${show(to)} is not possible; allowed: ${allowed}${other}`) : error;
    }
  }
  const alive = named || connectors.every((c) => !c.Enabled) ? connectors : connectors.filter((c) => c.Enabled);
  if (port === undefined) return localEnds(alive, from.family);
  const found = localEnds(connectors, from.family).filter((end) => end.port === port);
  return found.length ? found : [{ address: from.family === 6 ? '::' : '0.0.0.0', port }];
}

/** `127.0.0.1:25`, `[::1]:25` */
export function endpointText({ address, port }: Endpoint): string {
  return hostAndPort(address, port);
}
