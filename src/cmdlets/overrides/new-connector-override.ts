/** New-ConnectorOverride: limits of one address or range, in the place of the connector's. Ours; Exchange has none. */
import { type LastingOverride, OVERRIDABLE, OVERRIDABLE_SETTINGS, type StoredOverride } from '../../domain/override.ts';
import { SETTING_NAMES, settingNamed } from '../../domain/settings.ts';
import { spell } from '../../pipeline/binder.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Draft } from '../../store/draft.ts';
import { kebab } from '../../text/flag-name.ts';
import { connectorsMeant } from '../connectors/connector-object.ts';
import { endGiven, endIn, FOR, UNTIL } from '../end-parameters.ts';
import { makeChange } from '../make-change.ts';
import { settingParameters } from '../setting-parameters.ts';
import { CONNECTOR, overrideObject, RANGES, rangesOf } from './override-object.ts';

const PARAMETERS = settingParameters(OVERRIDABLE_SETTINGS);

/** More of one connector would make every connection look through too many. */
const MOST = 1000;

export const newConnectorOverride = defineCmdlet({
  name: 'New-ConnectorOverride',
  short: 'new-override',
  group: 'connectors',
  summary: 'Give one address or range limits of its own',
  description:
    'In the place of the connector’s, from the next connection and command on; Unlimited exempts. The most specific range wins; a limit that is not given stays the connector’s, but MaxInboundConnectionPerSource alone is meant as it stands, without the percentage. Of a range that has limits of its own already those that are given are changed: with an end it is then again what it was. Until then rc extend and rc keep work on it too.',
  changes: 'low',
  gives: 'ConnectorOverride',
  parameters: [
    CONNECTOR,
    RANGES,
    ...PARAMETERS.single,
    FOR,
    { ...UNTIL, aliases: ['ExpirationTime'] },
    { name: 'Comment', type: 'string', help: 'Why, for whoever reads it later.' },
  ],
  examples: [
    {
      command: "rc new-override 'Default*' 10.1.2.3 --max-inbound-per-source 200",
      language: "New-ConnectorOverride 'Default*' 10.1.2.3 -MaxInboundConnectionPerSource 200",
      does: 'Lets one address open 200 connections.',
    },
    {
      command: "rc new-override 'Default*' 10.1.2.0/24 --max-inbound-per-source Unlimited --for 2h --comment migration",
      does: 'Exempts a network for two hours.',
    },
  ],
  lacks: (typed, spelling) => {
    const flat = typed.replaceAll('-', '').toLowerCase();
    const name = settingNamed(flat) ?? SETTING_NAMES.find((one) => flat && one.toLowerCase().startsWith(flat));
    if (name === undefined) return undefined;
    const allowed = OVERRIDABLE.map((one) => spell(one, spelling)).join(', ');
    return `${name} holds for all clients of a connector; an override may have: ${allowed}. Clients who need another ${name} get a connector of their own: rc copy NAME NEW --remote-ip-ranges 10.1.2.3`;
  },
  async *run(call) {
    const { arguments: args, context } = call;
    const { statement } = context;
    const example = `rc new-override 'Default*' 10.1.2.3 --max-inbound-per-source 200`;
    if (args.Connector === undefined || !args.RemoteIPRanges?.length)
      throw usage(`${call.cmdlet.name} needs a connector and an address or range: ${example}`);
    const ranges = rangesOf(args.RemoteIPRanges, call.spell('RemoteIPRanges'));
    const until = endGiven(call);
    const limits: Record<string, StoredOverride[string]> = {};
    for (const [name, edit] of PARAMETERS.edits(call))
      if ('replace' in edit) limits[name] = OVERRIDABLE_SETTINGS[name]!.kind.store(edit.replace);
    const more = {
      ...(args.Comment === undefined ? {} : { Comment: args.Comment }),
    };
    for (const target of connectorsMeant(context, args.Connector)) {
      const what = `Giving ${ranges.join(', ')} limits of its own on "${statement.draft.identity(target)}".`;
      const now = context.host.clock().toISOString();
      const change = (draft: Draft): void => {
        const stored = draft.byGuid(target.Guid);
        if (!stored) return;
        const known = draft.connector(stored).Overrides;
        const list = [...(stored.Overrides ?? [])];
        for (const range of ranges) {
          const old = known.find((one) => one.range.same(range))?.stored;
          const next: StoredOverride = {
            ...old,
            RemoteIPRange: old?.RemoteIPRange ?? range.text,
            ...limits,
            ...more,
            ...(until === undefined ? {} : { Until: endIn(draft, call, until)! }),
            ...(old && until !== undefined && Object.keys(limits).length ? beforeOf(old) : {}),
          };
          if (!OVERRIDABLE.some((name) => next[name] !== undefined))
            throw usage(
              `${call.cmdlet.name} needs a limit: ${OVERRIDABLE.map((name) => `--${kebab(name)}`).join(', ')}. For example: ${example}`,
            );
          if (old) list[list.indexOf(old)] = next;
          else list.push(next);
        }
        if (list.length > MOST)
          throw new CmdletError(
            `"${draft.label(stored)}" would have ${list.length} overrides; ${MOST} are possible. Give whole networks (10.1.2.0/24), or remove some: rc get-override`,
            { id: 'TooManyOverrides', category: 'LimitsExceeded', target: stored.Name },
          );
        draft.putConnector({ ...stored, Overrides: list, WhenChanged: now });
      };
      if (!(await makeChange(context, what, change))) continue;
      const { draft } = statement;
      const after = draft.byGuid(target.Guid);
      for (const one of after ? draft.connector(after).Overrides : [])
        if (ranges.some((range) => range.same(one.range))) yield overrideObject(draft, after!, one);
    }
  },
});

/** What comes back when other limits end that were given to one that had its own for good. One that ends itself keeps what it was first. */
function beforeOf({ RemoteIPRange, Until, Before, ...lasting }: StoredOverride): Pick<StoredOverride, 'Before'> {
  return Until === undefined ? { Before: lasting as LastingOverride } : {};
}
