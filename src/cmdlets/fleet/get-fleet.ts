/** Get-Fleet: the fleet that this server is in: its engine, its servers, the generation that each acts by, and what is wrong. */
import { engineUrl } from '../../fleet/engine-address.ts';
import type { FleetProblem } from '../../fleet/fleet-error.ts';
import { readMembership } from '../../fleet/membership.ts';
import type { Node } from '../../fleet/roster.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { PsObject } from '../../pipeline/value.ts';
import { serversOf } from '../../store/document.ts';
import { sameText } from '../../text/wildcard.ts';
import { withFleetErrors } from './fleet-errors.ts';

export const getFleet = defineCmdlet({
  name: 'Get-Fleet',
  short: 'get-fleet',
  group: 'server',
  passesFleet: true,
  summary: 'Show the fleet: engine, servers, generations, what is wrong',
  description:
    'State is Connected, EngineAway (settings stay; limits are each server’s share, or as FleetFallback says), NotFollowed (the engine has an older generation or another fleet), Refused (its document cannot be used here) or None (this server is in no fleet). Nodes are the servers whose listeners have said within ten seconds that they are there. Exit code 1 unless all is well.',
  gives: 'Fleet',
  parameters: [],
  examples: [
    { command: 'rc get-fleet', language: 'Get-Fleet', does: 'Shows the fleet and its servers.' },
    { command: "rc get-fleet | jq -r '.State'", does: 'Gives its state to a script.' },
  ],
  async *run({ context }) {
    const { store, statement } = context;
    store.expectHome();
    const member = await withFleetErrors(async () => readMembership(store.home));
    if (!member) {
      yield new PsObject('Fleet', { Name: '', State: 'None', Server: store.read().server.name });
      return;
    }
    const { document, generation } = store.standing();
    const { lookAtFleet } = await import('../../fleet/look-at-fleet.ts');
    const seen = await lookAtFleet(member, generation);
    if (seen.problem || seen.nodes?.some((node) => node.isAlive && (node.problem || node.generation < generation)))
      statement.exitCode = 1;
    const servers = serversOf(document).all.map(({ server }) => server);
    yield new PsObject('Fleet', {
      Name: member.fleet,
      State: stateOf(seen.problem?.problem),
      Server: member.server,
      Engine: engineUrl(member.address),
      EngineVersion: seen.version ?? '',
      Generation: generation,
      FleetGeneration: seen.generation ?? null,
      Servers: servers.map((server) => lineOf(server, seen.nodes, generation)),
      LiveNodes: seen.nodes?.filter(({ isAlive }) => isAlive).length ?? null,
      LastError: seen.problem?.message ?? '',
    });
  },
});

function stateOf(problem: FleetProblem | undefined): string {
  switch (problem) {
    case undefined:
      return 'Connected';
    case 'away':
    case 'denied':
    case 'unfit':
      return 'EngineAway';
    case 'back':
      return 'NotFollowed';
    default:
      return 'Refused';
  }
}

/** `EX02: generation 12, host mx2, process 4711`; its rc where that is another version than this one */
function lineOf(server: string, nodes: readonly Node[] | undefined, wanted: number): string {
  const node = nodes?.find((one) => one.isAlive && sameText(one.server, server));
  if (!node) return nodes ? `${server}: no listener` : `${server}: not known`;
  const { host, pid, generation, problem, version } = node;
  const behind = generation < wanted ? `, behind ${wanted}` : '';
  const other = version === process.env.RC_VERSION ? '' : `, rc ${version}`;
  return `${server}: generation ${generation}${behind}${other}, host ${host}, process ${pid}${problem ? `; ${problem}` : ''}`;
}
