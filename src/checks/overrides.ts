/** Overrides that do nothing: nobody in their range comes to the connector, or their limits are the connector's own. */
import type { Connector } from '../domain/connector.ts';
import { OVERRIDABLE, type Override } from '../domain/override.ts';
import { shellWord } from '../text/shell-word.ts';
import type { CheckFinding, CheckInput } from './finding.ts';

export function overrideFindings({ connectors }: CheckInput): CheckFinding[] {
  return connectors.flatMap((connector) =>
    connector.Overrides.flatMap((override) => {
      const problem = whyUseless(connector, override);
      if (problem === undefined) return [];
      const mend = [`rc remove-override ${shellWord(connector.Name)} ${override.range}`];
      return [{ severity: 'Warning', check: 'Overrides', about: connector.Name, problem, mend } as const];
    }),
  );
}

function whyUseless(connector: Connector, override: Override): string | undefined {
  const { range, limits } = override;
  const what = `the override of ${range} does nothing:`;
  if (!connector.RemoteIPRanges.some((one) => one.overlaps(range)))
    return `${what} no remote IP range of the connector has an address of it`;
  const inside = connector.Overrides.filter((other) => other !== override && range.covers(other.range));
  // ranges in one another: the smaller ones take all of it only when they are as many
  const sum = inside
    .filter((one) => !inside.some((other) => other !== one && other.range.covers(one.range)))
    .reduce((all, one) => all + one.range.size, 0n);
  if (sum === range.size) return `${what} overrides of parts of it take all of it`;
  const own = OVERRIDABLE.filter((name) => limits[name] !== undefined);
  if (own.every((name) => String(limits[name]) === String(connector[name]))) {
    const countsWhole =
      limits.MaxInboundConnectionPerSource !== undefined && connector.MaxInboundConnectionPercentagePerSource < 100;
    if (!countsWhole) return `${what} ${own.join(', ')} of the connector is the same`;
  }
  return undefined;
}
