/** Limits that cannot work together, and settings that have no effect as they are. */

import type { Connector } from '../domain/connector.ts';
import { SETTING_NAMES, SETTINGS } from '../domain/settings.ts';
import { percentageLimit } from '../domain/source-share.ts';
import { readTransport } from '../domain/transport.ts';
import { UNLIMITED } from '../domain/value.ts';
import { shellWord } from '../text/shell-word.ts';
import type { CheckFinding, CheckInput } from './finding.ts';

export function limitFindings({ connectors, document }: CheckInput): CheckFinding[] {
  const findings: CheckFinding[] = [];
  const { MaxConnectionRatePerMinute } = readTransport(document.transport);
  for (const c of connectors) {
    findings.push(
      ...sourceLimits(c),
      ...connectionRate(c, MaxConnectionRatePerMinute),
      ...messageLimits(c),
      ...faults(c),
    );
    const stored = document.connectors.find((s) => s.Guid === c.Guid);
    const kept = SETTING_NAMES.filter((name) => SETTINGS[name].acts !== 'yes' && stored?.[name] !== undefined);
    if (kept.length) findings.push(keptSettings(c, kept));
  }
  return findings;
}

function warning(c: Connector, problem: string, mend: string): CheckFinding {
  return {
    severity: 'Warning',
    check: 'Limits',
    about: c.Name,
    problem,
    mend: [`rc set ${shellWord(c.Name)} ${mend}`],
  };
}

/** docs/decisions/0010: alone, a source may have ceil(MaxInboundConnection × percentage / 100) connections. */
function sourceLimits(c: Connector): CheckFinding[] {
  const { MaxInboundConnection: most, MaxInboundConnectionPerSource: perSource } = c;
  const percentage = c.MaxInboundConnectionPercentagePerSource;
  if (perSource === UNLIMITED || most === UNLIMITED) return [];
  if (Number(perSource) > Number(most)) {
    return [
      warning(
        c,
        `MaxInboundConnectionPerSource ${perSource} is above MaxInboundConnection ${most}, so one address can take the whole connector`,
        `--max-inbound-connection ${Number(perSource) * 10}`,
      ),
    ];
  }
  const share = percentageLimit(c, 0);
  if (share >= Number(perSource)) return [];
  const needed = Math.min(100, Math.ceil((Number(perSource) * 100) / Number(most)));
  return [
    warning(
      c,
      `MaxInboundConnectionPerSource ${perSource} is never reached: ${percentage} % of MaxInboundConnection ${most} is ${share}`,
      `--max-inbound-connection-percentage-per-source ${needed}`,
    ),
  ];
}

function connectionRate(c: Connector, ofServer: number): CheckFinding[] {
  const mine = c.MaxInboundConnectionRatePerSource;
  if (mine === UNLIMITED || Number(mine) <= ofServer) return [];
  return [
    {
      severity: 'Warning',
      check: 'Limits',
      about: c.Name,
      problem: `MaxInboundConnectionRatePerSource ${mine} is never reached: MaxConnectionRatePerMinute of the transport service, for all connectors together, is ${ofServer}`,
      mend: [
        `rc set ${shellWord(c.Name)} --max-inbound-connection-rate-per-source ${ofServer}`,
        `rc set-transport-service --max-connection-rate-per-minute ${mine}`,
      ],
    },
  ];
}

function faults(c: Connector): CheckFinding[] {
  const { length } = c.FaultRules;
  if (length === 0) return [];
  const rules = length === 1 ? `the rule "${c.FaultRules[0]}"` : `${length} rules, the first "${c.FaultRules[0]}"`;
  return [warning(c, `it fails on purpose: FaultRules has ${rules}`, "--fault-rules ''")];
}

/** MaxHeaderSize’s default, in bytes. */
const DEFAULT_HEADER = 256 * 1024;

function messageLimits(c: Connector): CheckFinding[] {
  const findings: CheckFinding[] = [];
  if (c.MaxHeaderSize.bytes > c.MaxMessageSize.bytes)
    findings.push(
      warning(
        c,
        `MaxHeaderSize ${c.MaxHeaderSize} is above MaxMessageSize ${c.MaxMessageSize}, so it is never reached`,
        `--max-header-size ${c.MaxMessageSize.bytes < DEFAULT_HEADER ? c.MaxMessageSize.bytes : '256KB'}`,
      ),
    );
  if (c.MessageRateLimit !== UNLIMITED && c.MessageRateSource === 'None')
    findings.push(
      warning(
        c,
        `MessageRateLimit ${c.MessageRateLimit} counts nothing, because MessageRateSource is None`,
        '--message-rate-source IPAddress',
      ),
    );
  if (c.MaxLocalHopCount > c.MaxHopCount)
    findings.push(
      warning(
        c,
        `MaxLocalHopCount ${c.MaxLocalHopCount} is above MaxHopCount ${c.MaxHopCount}, so it is never reached`,
        `--max-hop-count ${Math.max(60, c.MaxLocalHopCount)}`,
      ),
    );
  return findings;
}

function keptSettings(c: Connector, names: readonly string[]): CheckFinding {
  return {
    severity: 'Information',
    check: 'KeptSettings',
    about: c.Name,
    problem: `${names.join(', ')}: stored and shown, but this listener does not act on ${names.length === 1 ? 'it' : 'them'}`,
    mend: [],
  };
}
