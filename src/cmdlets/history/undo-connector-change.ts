/** Undo-ConnectorChange: takes a change back, as a new change. */

import { sameJson } from '../../domain/connector.ts';
import { changeText } from '../../history/rows.ts';
import { type Conflict, isEnd, isOver, undoable, undone } from '../../history/undo.ts';
import { type Call, defineCmdlet, SERVER } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { applied, difference, type ObjectChange } from '../../store/difference.ts';
import type { StoreDocument } from '../../store/document.ts';
import { Draft } from '../../store/draft.ts';
import { settled } from '../../store/ends.ts';
import type { Generations } from '../../store/generations.ts';
import type { HistoryEntry } from '../../store/history-entry.ts';
import { isFingerprint } from '../../store/secrets.ts';
import { makeChange } from '../make-change.ts';
import { changesConcerning } from './change-filter.ts';

const PARAMETERS = [
  {
    name: 'Generation',
    type: 'int',
    position: 0,
    placeholder: 'GENERATION',
    help: 'The change to take back, by the number that rc history shows.',
  },
  {
    name: 'To',
    type: 'int',
    placeholder: 'GENERATION',
    help: 'Goes back to everything as it was at this generation: takes back all changes after it.',
  },
  { name: 'Force', type: 'switch', help: 'Takes it back even where later changes to the same settings are lost.' },
  {
    ...SERVER,
    help: 'Only what changed on this server: its name or FQDN; a wildcard means several. The newest change there is meant, or of the one given, the part there.',
  },
] as const satisfies readonly Parameter[];

type OwnCall = Call<(typeof PARAMETERS)[number]>;

export const undoConnectorChange = defineCmdlet({
  name: 'Undo-ConnectorChange',
  short: 'undo',
  group: 'history',
  summary: 'Take a change back',
  description:
    'Without a number it takes back the newest change that is not taken back yet, so that undo after undo goes further back. It is a change like any other: it has its own generation and can be undone (rc undo NUMBER). It refuses when a setting was changed again since, unless --force. Elements added to a list later stay.',
  changes: 'low',
  parameters: PARAMETERS,
  examples: [
    { command: 'rc undo', language: 'Undo-ConnectorChange', does: 'Takes the newest change back.' },
    { command: 'rc undo 12 --what-if', language: 'Undo-ConnectorChange 12 -WhatIf', does: 'Says what would go back.' },
    { command: 'rc undo --to 10', does: 'Makes everything as it was at generation 10.' },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    if (args.To !== undefined && args.Generation !== undefined)
      throw usage('Undo-ConnectorChange takes back one change, or all after one: give a number or --to, not both.');
    const generations = context.store.generations();
    if (args.To !== undefined) await goBack(call, generations, args.To);
    else await takeBack(call, generations);
    yield* []; // a change outputs nothing
  },
});

async function takeBack(call: OwnCall, generations: Generations): Promise<void> {
  const { arguments: args, context } = call;
  const wanted = args.Generation;
  const concerns = concernsOf(call);
  const { onServers, statement } = context;
  const serverOf = ({ server }: ObjectChange) => server ?? statement.draft.site.server;
  const { document: now } = statement.draft;
  const candidates =
    wanted === undefined ? undoable(generations.entries(), serverOf, concerns) : [generations.entry(wanted)];
  const { whole, entry } = firstWithEffect(candidates, now, concerns);
  if (entry && wanted !== undefined && isEnd(entry))
    throw new CmdletError(
      `Generation ${wanted} is the end of what was temporary, at its time; that cannot be taken back. To have it again, set it again.`,
      { id: 'UndoOfAnEnd' },
    );
  if (!entry || entry.origin === 'first use' || entry.origin === 'gap')
    throw new CmdletError(
      entry
        ? nothingBefore(entry)
        : `There is no change ${onServers ? `of ${onServers.map(({ server }) => server).join(', ')} ` : ''}to take back.`,
      { id: 'NothingToUndo' },
    );
  const force = args.Force;
  const plan = (document: StoreDocument) => {
    const result = undone(document, entry);
    refuse(entry, result.conflicts, force);
    return settled(document, result.document);
  };
  const changes = difference(context.statement.draft.document, plan(context.statement.draft.document));
  if (!changes.length) {
    context.warn(`Everything that generation ${entry.generation} changed is already as it was before.`);
    return;
  }
  const part =
    onServers && whole?.changes.length !== entry.changes.length ? onServers.map(({ server }) => server) : undefined;
  const by = entry.sudoUser ?? entry.user;
  await make(
    call,
    `Undoing generation ${entry.generation}${part ? ` on ${part.join(', ')}` : ''} (${entry.command}${by ? `, by ${by}` : ''})`,
    changes,
    (draft) => {
      draft.undoes = entry.generation;
      draft.undoesOn = part;
      return plan(draft.document);
    },
  );
}

type Concerns = ((change: ObjectChange) => boolean) | undefined;

/** The first change of which something is still there to take back: what was temporary and ended has nothing. The first of all when none is. */
function firstWithEffect(candidates: Iterable<HistoryEntry>, now: StoreDocument, concerns: Concerns) {
  let first: { readonly whole?: HistoryEntry; readonly entry?: HistoryEntry } = {};
  for (const whole of candidates) {
    const entry = concerns ? { ...whole, changes: whole.changes.filter(concerns) } : whole;
    first = first.entry ? first : { whole, entry };
    if (!isOver(entry, now)) return { whole, entry };
  }
  return first;
}

/** The parts that -Server leaves; `undefined`: all. */
function concernsOf({ context }: OwnCall) {
  const { draft } = context.statement;
  return changesConcerning(draft.document, draft.servers, { onServers: context.onServers });
}

async function goBack(call: OwnCall, generations: Generations, to: number): Promise<void> {
  const { context } = call;
  const then = generations.documentAt(to);
  const now = context.statement.draft.document;
  const concerns = concernsOf(call) ?? (() => true);
  const changes = difference(now, then)
    .filter(concerns)
    .map((change) => withoutSecrets(change, context.warn.bind(context)));
  const real = changes.filter((change) => change.change !== 'set' || Object.keys(change.settings).length);
  if (!real.length) {
    context.warn(`Everything is already as it was at generation ${to}.`);
    return;
  }
  await make(call, `Going back to generation ${to}, from ${generations.generation}`, real, (draft) => {
    if (draft.document.generation !== now.generation || difference(now, draft.document).length)
      throw new CmdletError(
        'Somebody else changed the store in the meantime. Nothing was changed; look at rc history, and try again.',
      );
    if (context.onServers) return applied(now, changes);
    return { ...then, generation: now.generation, users: usersWithSecrets(then, now) };
  });
}

/** Users as they were, with the passwords of now. One who is gone comes back without a password, which lets nobody in. */
function usersWithSecrets(then: StoreDocument, now: StoreDocument): StoreDocument['users'] {
  const current = new Map(now.users.map((user) => [user.Guid, user]));
  return then.users.flatMap((user) => {
    const hash = current.get(user.Guid)?.PasswordHash;
    return hash === undefined ? (isFingerprint(user.PasswordHash) ? [] : [user]) : [{ ...user, PasswordHash: hash }];
  });
}

function withoutSecrets(change: ObjectChange, warn: (message: string) => void): ObjectChange {
  const secret = Object.entries(change.settings).filter(([, { to }]) => isFingerprint(to));
  if (!secret.length) return change;
  const lost = change.change === 'new' ? 'does not come back' : 'keeps its present one';
  warn(
    `${change.kind} "${change.name}" ${lost}: the history does not keep passwords. Set it anew if it should change.`,
  );
  const settings = Object.fromEntries(Object.entries(change.settings).filter(([, { to }]) => !isFingerprint(to)));
  return change.change === 'new' ? { ...change, change: 'set', settings: {} } : { ...change, settings };
}

async function make(
  { context }: Call,
  title: string,
  changes: readonly ObjectChange[],
  next: (draft: Draft) => StoreDocument,
): Promise<void> {
  const { servers } = context.statement.draft;
  const lines = changes.map((change) => changeText(change, servers));
  const now = context.host.clock().toISOString();
  const change = (draft: Draft): void => {
    const before = new Map(draft.document.connectors.map((c) => [c.Guid, c]));
    const document = next(draft);
    const connectors = document.connectors.map((c) => {
      const old = before.get(c.Guid);
      return old === c || (old && sameJson({ ...old, WhenChanged: '' }, { ...c, WhenChanged: '' }))
        ? old!
        : { ...c, WhenChanged: now };
    });
    const wanted = { ...document, connectors };
    const violations = new Draft(wanted).violations();
    if (violations.length) {
      throw new CmdletError(
        `It cannot be taken back, because then:\n  ${violations.map((v) => `${v.path}: ${v.message}`).join('\n  ')}`,
        { id: 'UndoNotValid' },
      );
    }
    draft.document = wanted;
  };
  // -WhatIf says what becomes of each setting itself.
  const what = context.preferences.whatIf ? `${title}.` : `${title}: ${lines.join('. ')}.`;
  await makeChange(context, what, change);
}

function refuse(entry: HistoryEntry, conflicts: readonly Conflict[], force: boolean): void {
  const standing = conflicts.filter((conflict) => conflict.final || !force);
  if (!standing.length) return;
  const lines = standing.map(({ name, setting, why }) => `  ${name}${setting ? ` ${setting}` : ''} ${why}`);
  const final = standing.some((conflict) => conflict.final);
  const advice = final
    ? ''
    : `\nSee: rc history. To take it back and lose those later changes: rc undo ${entry.generation} --force`;
  throw new CmdletError(`Generation ${entry.generation} cannot be taken back:\n${lines.join('\n')}${advice}`, {
    id: 'UndoConflict',
    category: 'ResourceExists',
    target: String(entry.generation),
  });
}

function nothingBefore(entry: HistoryEntry): string {
  return entry.origin === 'first use'
    ? `Generation ${entry.generation} made the store; there is nothing before it.`
    : `What was before generation ${entry.generation} is not known; it cannot be taken back.`;
}
