/**
 * Test-ReceiveConnector -Live: the same script over the wire, up to the recipients, beside a rehearsal for the very ends that
 * the connection had. Where they differ, it says so.
 */

import type { Endpoint } from '../../domain/address.ts';
import { parseAddress } from '../../domain/address.ts';
import type { ClientScript, Exchange, LiveTry, Rehearsal, Rehearsing } from '../../domain/rehearsal.ts';
import { anyAddress } from '../../domain/selection.ts';
import type { IpRange } from '../../domain/value.ts';
import { CmdletError } from '../../pipeline/error.ts';
import type { PsObject } from '../../pipeline/value.ts';
import { printable, printableLines } from '../../text/printable.ts';
import { type Findings, replyText } from './connector-test-findings.ts';
import { endpointText, type TestQuestion } from './connector-test-question.ts';

interface LiveAttempt {
  readonly listener: Rehearsing;
  readonly question: TestQuestion;
  readonly local: Endpoint;
  readonly password: string | undefined;
  /** The listener of this home says that it is the one who listens there. */
  readonly isOurs: boolean;
  /** ProxyProtocolTrustedSources: front ends that may say who the client is. */
  readonly trusted: readonly IpRange[];
  /** Addresses of this machine. */
  readonly own: ReadonlySet<string>;
  /** What keeps the listener from acting by the store as it is; empty when nothing does. */
  readonly lag: string;
  warn(message: string): void;
  rehearse(remote: string, local: Endpoint): Promise<Rehearsal>;
}

/** Gives a finding for each reply; returns whether all were as rehearsed. */
export async function* overTheWire(findings: Findings, attempt: LiveAttempt): AsyncGenerator<PsObject, boolean> {
  const { listener, question, local, warn } = attempt;
  const { from, script, timeoutMs } = question;
  const route = routeOf(attempt);
  if (attempt.password !== undefined && !attempt.isOurs) {
    yield findings.object({
      step: 'Live',
      subject: `connect to ${endpointText(route.to)}`,
      result: 'not tried',
      accepted: false,
      why: 'The listener of this home does not listen there, and a password is not sent to another program. Start the listener, or leave out --user: rc serve',
      same: false,
    });
    return false;
  }
  if (route.proxyFor === undefined && route.source !== from.text)
    warn(
      `${from.text} is no address of this machine: over the wire the client is ${route.source}, and is compared with a rehearsal for that.`,
    );
  const spoken: ClientScript = attempt.password === undefined ? script : { ...script, password: attempt.password };
  let live: LiveTry;
  try {
    live = await listener.tryLive({
      to: route.to,
      from: route.source,
      proxyFor: route.proxyFor,
      script: spoken,
      timeoutMs,
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ECONNREFUSED' ? 'Nobody listens there. Start the listener: rc serve' : attempt.lag;
    yield findings.object({
      step: 'Live',
      subject: `connect to ${endpointText(route.to)}`,
      result: printable(message),
      accepted: false,
      why,
      same: false,
    });
    return false;
  }
  const rehearsed = await attempt.rehearse(route.proxyFor ?? live.remote, { ...live.local, port: local.port });
  return yield* compared(
    findings,
    live,
    rehearsed.exchanges.filter((e) => e.step !== 'DATA' && e.step !== 'Message'),
    attempt.lag,
  );
}

function* compared(
  findings: Findings,
  { exchanges: live, problem }: LiveTry,
  rehearsed: readonly Exchange[],
  lag: string,
): Generator<PsObject, boolean> {
  let all = true;
  for (let i = 0; i < Math.max(live.length, rehearsed.length); i++) {
    const [was, expected] = [live[i], rehearsed[i]];
    const same =
      was !== undefined && expected !== undefined && was.command === expected.command && sameReply(was, expected);
    all &&= same;
    const wanted = expected ? replyText(expected.reply) : 'the end of the dialogue';
    yield findings.object({
      step: 'Live',
      subject: (was ?? expected)!.command,
      result: was ? printableLines(replyText(was.reply)) : problem || 'nothing was said any more',
      accepted: was?.accepted ?? false,
      why: same ? '' : `The rehearsal says: ${wanted}${lag === '' ? '' : `. ${lag}`}`,
      same,
    });
  }
  return all;
}

/** The default banner ends with the time; everything else has to be the same to the letter. */
function sameReply(a: Exchange, b: Exchange): boolean {
  const text = ({ reply, step }: Exchange) =>
    reply.map((line) => (step === 'Connect' ? line.replace(/ ready at .*$/, '') : line)).join('\n');
  return text(a) === text(b);
}

/** Where to connect to, from which address, and for whom a PROXY header speaks. */
function routeOf({ question, local, own, trusted }: LiveAttempt): {
  to: Endpoint;
  source: string;
  proxyFor: string | undefined;
} {
  const { from } = question;
  const six = from.family === 6;
  const loopback = six ? '::1' : '127.0.0.1';
  const isOwn = own.has(from.text) || (!six && from.text.startsWith('127.'));
  const source = isOwn ? from.text : own.has(local.address) ? local.address : loopback;
  const address = local.address === anyAddress(local.address) ? source : local.address;
  const { family, value } = parseAddress(source)!;
  const isTrusted = trusted.some((range) => range.contains(family, value));
  return { to: { address, port: local.port }, source, proxyFor: isTrusted ? from.text : undefined };
}

/** @throws CmdletError where there is no listener to load */
export function listenerOf(listener: (() => Rehearsing) | undefined): Rehearsing {
  if (listener) return listener();
  throw new CmdletError('The listener is not part of this program, so nothing can be rehearsed.', {
    id: 'ListenerNotInstalled',
    category: 'NotInstalled',
  });
}
