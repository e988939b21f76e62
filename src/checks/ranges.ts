/** Remote ranges that no client comes through: of the wrong family, in the shadow of others, inside their own. */

import type { Connector } from '../domain/connector.ts';
import { byFamilyThenLow } from '../domain/range.ts';
import type { IpRange } from '../domain/value.ts';
import { shellWord } from '../text/shell-word.ts';
import type { CheckFinding, CheckInput } from './finding.ts';

export function rangeFindings({ connectors }: CheckInput): CheckFinding[] {
  const enabled = connectors.filter((c) => c.Enabled);
  return [...enabled.flatMap(wrongFamily), ...shadows(enabled)];
}

/** IPv4 clients never come to an IPv6 address and the other way round; `::` takes both where the system lets it. */
function wrongFamily(c: Connector): CheckFinding[] {
  const bound = new Set(c.Bindings.flatMap((b) => (b.address === '::' ? [4, 6] : [b.family])));
  const dead = c.RemoteIPRanges.filter((r) => !bound.has(r.family));
  if (dead.length < c.RemoteIPRanges.length) return [];
  return [
    {
      severity: 'Error',
      check: 'Ranges',
      about: c.Name,
      problem: `no client can match: its bindings are IPv${[...bound].join('/')} and its remote ranges IPv${dead[0]!.family}`,
      mend: [`rc set ${shellWord(c.Name)} --add-remote-ip-ranges ${bound.has(4) ? '10.1.2.0/24' : 'fd00::/8'}`],
    },
  ];
}

interface Entry {
  readonly range: IpRange;
  readonly of: Connector;
  /** Addresses in it that a smaller range of another connector takes. */
  covered: bigint;
}

/** Ranges on one binding lie inside one another or apart, so what covers one is the sum of the largest ones in it. */
function shadows(connectors: readonly Connector[]): CheckFinding[] {
  const byBinding = new Map<string, Entry[]>();
  for (const c of connectors) {
    for (const binding of c.Bindings) {
      const entries = byBinding.get(binding.toString()) ?? [];
      byBinding.set(binding.toString(), entries);
      for (const range of c.RemoteIPRanges) entries.push({ range, of: c, covered: 0n });
    }
  }
  const findings: CheckFinding[] = [];
  const redundant = new Set<string>();
  for (const [binding, entries] of byBinding) {
    nest(entries, (inner, outer) => {
      if (inner.of !== outer.of) return;
      const key = `${inner.of.Guid} ${inner.range}`;
      if (redundant.has(key)) return;
      redundant.add(key);
      findings.push({
        severity: 'Information',
        check: 'Ranges',
        about: inner.of.Name,
        problem: `${inner.range} lies inside its own ${outer.range}`,
        mend: [`rc set ${shellWord(inner.of.Name)} --remove-remote-ip-ranges ${inner.range}`],
      });
    });
    for (const { range, of, covered } of entries) {
      if (covered < range.size) continue;
      findings.push({
        severity: 'Warning',
        check: 'Ranges',
        about: of.Name,
        problem: `${range} on ${binding} is in the shadow of smaller ranges of other connectors: no client reaches it through this range`,
        mend: [
          `rc set ${shellWord(of.Name)} --remove-remote-ip-ranges ${range}`,
          'look who takes a client: rc which ADDRESS',
        ],
      });
    }
  }
  return findings;
}

function nest(entries: Entry[], inside: (inner: Entry, outer: Entry) => void): void {
  entries.sort((a, b) => byFamilyThenLow(a.range, b.range));
  const open: Entry[] = [];
  for (const entry of entries) {
    while (open.length && !open.at(-1)!.range.covers(entry.range)) open.pop();
    const outer = open.at(-1);
    if (outer) {
      inside(entry, outer);
      // Inside a range of its own connector it takes nothing away from that one, but from the next one out.
      if (outer.of !== entry.of) outer.covered += entry.range.size;
    }
    open.push(entry);
  }
}
