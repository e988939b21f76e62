/** What the gate's verdict is to the client, and why. */

import type { Connector } from '../../domain/connector.ts';
import { settingsFor } from '../../domain/override.ts';
import type { Choice } from '../../domain/selection.ts';
import { percentageLimit } from '../../domain/source-share.ts';
import type { Refusal } from '../refusal/refusal.ts';
import { bySetting, twice } from '../session/judged.ts';
import { REPLIES } from '../session/replies.ts';
import type { Verdict } from './gate.ts';

type Refusing = Exclude<Verdict, { kind: 'accepted' }>;

/** @param passed connectors that do not take the source, for a verdict that none does */
export function refusalAtGate(verdict: Refusing, address: string, passed: () => Choice<Connector>['passed']): Refusal {
  if (verdict.kind === 'none') {
    return { reply: REPLIES.serviceNotAvailable, because: { kind: 'selection', source: address, passed: passed() } };
  }
  const { connector, source } = verdict;
  if (verdict.kind === 'rate' || verdict.kind === 'sourceRate')
    return tooFast(verdict, settingsFor(connector.now, source));
  const now = verdict.kind === 'connector' ? connector.now : settingsFor(connector.now, source);
  // Others may count it too, workers or servers of a fleet: then this process has a part of it, and the limit is reached all the same.
  const here = connector.sources.get(source) ?? 0;
  const reply = verdict.kind === 'connector' ? REPLIES.tooManyConnections : REPLIES.tooManyOfSource;
  if (verdict.kind === 'connector') {
    const limit = Number(now.MaxInboundConnection);
    const open = Math.max(connector.open, limit);
    const enough = { MaxInboundConnection: twice(open) };
    return bySetting(reply, now, 'MaxInboundConnection', open + 1, enough, limit);
  }
  if (verdict.kind === 'percentage') {
    const { limit } = verdict;
    const mine = Math.max(here, limit);
    const left = Math.floor((100 * limit) / now.MaxInboundConnectionPercentagePerSource);
    const others = Math.max(connector.open - here, Number(now.MaxInboundConnection) - left);
    const enough = { MaxInboundConnectionPercentagePerSource: String(enoughPercent(now, others, mine)) };
    return bySetting(reply, now, 'MaxInboundConnectionPercentagePerSource', mine + 1, enough, limit, source);
  }
  const limit = Number(now.MaxInboundConnectionPerSource);
  const mine = Math.max(here, limit);
  const enough = { MaxInboundConnectionPerSource: mine < 5000 ? String(2 * mine) : 'Unlimited' };
  return bySetting(reply, now, 'MaxInboundConnectionPerSource', mine + 1, enough, limit, source);
}

/** With twice the rate it would be let in, now and for a while. */
function tooFast(
  { kind, limit, source }: { readonly kind: 'rate' | 'sourceRate'; readonly limit: number; readonly source: string },
  now: Connector,
): Refusal {
  const reply = REPLIES.serviceNotAvailable;
  const enough = twice(limit);
  if (kind === 'sourceRate')
    return bySetting(
      reply,
      now,
      'MaxInboundConnectionRatePerSource',
      limit + 1,
      { MaxInboundConnectionRatePerSource: enough },
      limit,
      source,
    );
  const setting = 'MaxConnectionRatePerMinute';
  return {
    reply,
    because: { kind: 'server', setting, asked: limit + 1, allowed: limit, enough: { [setting]: enough }, source },
  };
}

/** The least percentage with which one more connection would be let in. */
function enoughPercent(now: Connector, others: number, mine: number): number {
  let percent = now.MaxInboundConnectionPercentagePerSource;
  while (percent < 100 && percentageLimit({ ...now, MaxInboundConnectionPercentagePerSource: percent }, others) <= mine)
    percent++;
  return percent;
}
