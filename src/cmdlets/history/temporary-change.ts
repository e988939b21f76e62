/** Settings that end by themselves, as the cmdlets find and show them. */
import { defaultIn } from '../../domain/catalogue.ts';
import type { StoredConnector } from '../../domain/connector.ts';
import { SETTINGS, type SettingName, settingNamed } from '../../domain/settings.ts';
import { type TemporarySetting, temporaryIn, temporaryOf } from '../../domain/temporary.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PsObject, type Value } from '../../pipeline/value.ts';
import type { Draft } from '../../store/draft.ts';
import { show } from '../../text/printable.ts';
import { connectorsMeant } from '../connectors/connector-object.ts';

export const WHICH = [
  {
    name: 'Identity',
    type: 'strings',
    position: 0,
    rest: true,
    completes: 'connector',
    placeholder: 'NAME',
    help: 'All that is temporary of these connectors (wildcards find several), or of the change with this number (rc history).',
  },
  {
    name: 'Setting',
    type: 'strings',
    placeholder: 'SETTING',
    help: 'Only these settings.',
  },
] as const satisfies readonly Parameter[];

interface Asking {
  readonly context: Context;
  readonly arguments: {
    readonly Identity?: readonly string[] | undefined;
    readonly Setting?: readonly string[] | undefined;
  };
  spell(name: 'Setting'): string;
}

interface Found {
  readonly stored: StoredConnector;
  readonly entries: readonly TemporarySetting[];
}

/** What is meant, connector by connector; all there is when no identity is given. Who is not found, or has nothing, is an error of its own. */
export function* temporaryMeant(call: Asking, isAsked: boolean): Generator<Found> {
  const { context, arguments: args } = call;
  const { draft } = context.statement;
  const wanted = args.Setting && new Set(args.Setting.map((name) => settingGiven(call, name)));
  const running = (stored: StoredConnector, only?: ReadonlySet<string>) =>
    temporaryOf(stored).filter(
      ({ Setting }) => (!wanted || wanted.has(Setting)) && (!only || only.has(`${stored.Guid} ${Setting}`)),
    );
  if (args.Identity === undefined) {
    for (const stored of draft.connectorsOf(context.onServers)) {
      const entries = running(stored);
      if (entries.length) yield { stored, entries };
    }
    return;
  }
  for (const identity of args.Identity) {
    const only =
      /^\d+$/.test(identity) && !draft.find(identity).found.length ? begunBy(context, Number(identity)) : undefined;
    const connectors = only ? draft.document.connectors : [...connectorsMeant(context, identity)];
    const found = connectors
      .map((stored) => ({ stored, entries: running(stored, only) }))
      .filter(({ entries }) => entries.length);
    if (!found.length && isAsked && (connectors.length || only)) context.error(nothing(identity));
    yield* found;
  }
}

function nothing(identity: string): CmdletError {
  return new CmdletError(`Nothing that '${identity}' means is temporary now. What is: rc temporary`, {
    id: 'NothingTemporary',
    category: 'ObjectNotFound',
    target: identity,
  });
}

/** The settings that a change made temporary, each with its connector. @throws StoreError for a change that is not kept */
function begunBy({ store }: Context, generation: number): ReadonlySet<string> {
  const begun = new Set<string>();
  for (const { guid, settings } of store.generations().entry(generation).changes)
    for (const { Setting } of temporaryIn(settings.Temporary?.to))
      if (!has(settings.Temporary?.from, Setting, settings.Temporary?.to)) begun.add(`${guid} ${Setting}`);
  return begun;
}

/** Was the setting temporary before in the very same way? */
function has(before: unknown, setting: SettingName, after: unknown): boolean {
  const of = (list: unknown) => temporaryIn(list).find(({ Setting }) => Setting === setting)?.Until;
  return of(before) === of(after);
}

/** @throws CmdletError (usage) */
function settingGiven({ spell }: Asking, name: string): SettingName {
  const known = settingNamed(name);
  if (known === undefined) throw usage(`${spell('Setting')}: ${show(name)} is no setting of a connector.`);
  return known as SettingName;
}

export function temporaryObject(draft: Draft, stored: StoredConnector, one: TemporarySetting): PsObject {
  const { kind, ...setting } = SETTINGS[one.Setting];
  const site = draft.servers.of(stored);
  const value = (json: unknown): Value =>
    (json === undefined ? defaultIn({ kind, ...setting }, site) : kind.parse(json)) as Value;
  return new PsObject('TemporaryChange', {
    Identity: draft.identity(stored),
    Setting: one.Setting,
    Value: value(one.Value),
    Before: value(one.Before),
    Until: new Date(one.Until),
  });
}
