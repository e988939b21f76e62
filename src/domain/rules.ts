/** Rules between the settings of one connector, and between connectors (column "legal" of the catalogue). */

import { foldText } from '../text/wildcard.ts';
import type { Connector, Violation } from './connector.ts';
import { byFamilyThenLow } from './range.ts';
import type { IpRange } from './value.ts';

/** Rules inside one connector; every violation at once. */
export function checkConnector(c: Connector): Violation[] {
  const violations: Violation[] = [];
  const rule = (broken: boolean, path: string, message: string) => {
    if (broken) violations.push({ path, message });
  };
  const auth = c.AuthMechanism;
  const external = auth.has('ExternalAuthoritative');
  rule(
    auth.has('BasicAuthRequireTLS') && !(auth.has('BasicAuth') && auth.has('Tls')),
    'AuthMechanism',
    'BasicAuthRequireTLS needs BasicAuth and Tls with it: --auth-mechanism Tls,BasicAuth,BasicAuthRequireTLS',
  );
  rule(
    external && auth.names.some((name) => name !== 'ExternalAuthoritative' && name !== 'Tls'),
    'AuthMechanism',
    'ExternalAuthoritative can only stand with Tls: --auth-mechanism Tls,ExternalAuthoritative',
  );
  rule(
    external && !c.PermissionGroups.has('ExchangeServers'),
    'AuthMechanism',
    'ExternalAuthoritative needs ExchangeServers among PermissionGroups: --permission-groups ExchangeServers',
  );
  rule(c.RequireTLS && !auth.has('Tls'), 'RequireTLS', 'needs Tls among AuthMechanism: --auth-mechanism Tls');
  rule(
    c.DomainSecureEnabled && !auth.has('Tls'),
    'DomainSecureEnabled',
    'needs Tls among AuthMechanism: --auth-mechanism Tls',
  );
  rule(c.DomainSecureEnabled && external, 'DomainSecureEnabled', 'cannot go with ExternalAuthoritative');
  rule(
    c.BinaryMimeEnabled && !c.ChunkingEnabled,
    'BinaryMimeEnabled',
    'needs ChunkingEnabled: --chunking-enabled true, or --binary-mime-enabled false',
  );
  rule(
    c.ConnectionTimeout.seconds <= c.ConnectionInactivityTimeout.seconds,
    'ConnectionTimeout',
    `${c.ConnectionTimeout} must be greater than ConnectionInactivityTimeout (${c.ConnectionInactivityTimeout}); to lower both: --connection-timeout 00:05:00 --connection-inactivity-timeout 00:01:00`,
  );
  rule(c.Bindings.length === 0, 'Bindings', 'needs at least one IP:port, such as --bindings 127.0.0.1:2525');
  violations.push(...checkOwnRanges(c));
  return violations;
}

/** Ranges of one connector may hold one another (the smaller one is then redundant) but not overlap in part. */
function checkOwnRanges(c: Connector): Violation[] {
  const violations: Violation[] = [];
  const around: IpRange[] = []; // each inside the one before
  for (const range of [...c.RemoteIPRanges].sort(byFamilyThenLow)) {
    while (around.length && !around.at(-1)!.overlaps(range)) around.pop();
    const nearest = around.at(-1);
    if (nearest && !nearest.covers(range)) {
      violations.push({
        path: 'RemoteIPRanges',
        message: `${nearest} and ${range} overlap in part; write them as one range`,
      });
    }
    around.push(range);
  }
  return violations;
}

/** A binding of one server, and the remote ranges that its connectors listen for there. */
interface Listening {
  readonly binding: string;
  readonly ranges: { range: IpRange; of: Connector }[];
}

/**
 * Rules between connectors: GUIDs are unique, names are on their server; connectors of one server on one binding need remote
 * ranges that differ, and ranges that overlap only when one lies wholly inside the other. Violations name both connectors.
 * Sweeps the ranges of each binding in order, so it costs n log n.
 * @param named what a connector is called there
 */
export function checkBetween(
  connectors: readonly Connector[],
  named: (c: Connector) => string = ({ Name }) => Name,
): Violation[] {
  const violations: Violation[] = [];
  const names = new Set<string>();
  const guids = new Map<string, Connector>();
  const byBinding = new Map<string, Listening>();
  for (const c of connectors) {
    const server = foldText(c.Server);
    const name = `${server}\\${foldText(c.Name)}`;
    if (names.has(name)) {
      violations.push({
        path: c.Name,
        message: `the name "${c.Name}" is already taken on ${c.Server}; names are unique`,
      });
    }
    names.add(name);
    const guid = c.Guid.toLowerCase(); // by hand it may be written either way, and it is found either way
    const double = guids.get(guid);
    if (double) {
      violations.push({
        path: c.Name,
        message: `"${named(double)}" and "${named(c)}" have the same Guid ${c.Guid}; give the copy another one (uuidgen)`,
      });
    }
    guids.set(guid, c);
    for (const binding of c.Bindings) {
      const key = `${server} ${binding}`;
      const listening: Listening = byBinding.get(key) ?? { binding: binding.toString(), ranges: [] };
      byBinding.set(key, listening);
      for (const range of c.RemoteIPRanges) listening.ranges.push({ range, of: c });
    }
  }
  for (const listening of byBinding.values()) violations.push(...checkBinding(listening, named));
  return violations;
}

function checkBinding({ binding, ranges: entries }: Listening, named: (c: Connector) => string): Violation[] {
  const violations: Violation[] = [];
  const reported = new Set<string>();
  entries.sort((a, b) => byFamilyThenLow(a.range, b.range));
  const open: typeof entries = [];
  for (const entry of entries) {
    while (
      open.length &&
      (open.at(-1)!.range.family !== entry.range.family || open.at(-1)!.range.high < entry.range.low)
    )
      open.pop();
    const around = open.at(-1);
    if (around && around.of !== entry.of) {
      const pair = [around.of.Name, entry.of.Name].sort().join('\0');
      const same = around.range.same(entry.range);
      if ((same || !around.range.covers(entry.range)) && !reported.has(pair)) {
        reported.add(pair);
        const how = same
          ? `the same remote range ${entry.range}`
          : `remote ranges that overlap in part (${around.range} and ${entry.range})`;
        violations.push({
          path: entry.of.Name,
          message: `"${named(around.of)}" and "${named(entry.of)}" both listen on ${binding} with ${how}; give one of them another binding or narrower --remote-ip-ranges`,
        });
      }
    }
    open.push(entry);
  }
  return violations;
}
