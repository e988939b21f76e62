/** Says of new bindings that no listener on this host can open them, when they are set and not only when it tries. */
import type { StoredConnector } from '../../domain/connector.ts';
import type { Context } from '../../pipeline/context.ts';
import type { StoreDocument } from '../../store/document.ts';

/** @param before the document that the statement's draft was before the change */
export async function warnOfBindings(context: Context, before: StoreDocument): Promise<void> {
  const { draft } = context.statement;
  const fresh = changedSince(before.connectors, draft.document.connectors).flatMap(([stored, was]) => {
    if (!draft.servers.isOwn(stored)) return [];
    if (was && was.Bindings === stored.Bindings && was.Enabled === stored.Enabled) return [];
    const { Name, Bindings, Enabled } = draft.connector(stored);
    const known = new Set(was && was.Enabled !== false ? bindingsOf(was) : []);
    return Enabled
      ? Bindings.filter((b) => !known.has(`${b}`) && !/^(?:127\.|0\.0\.0\.0$|::1?$)/.test(b.address)).map(
          (binding) => ({ binding, connectors: [Name] }),
        )
      : [];
  });
  if (!fresh.length) return;
  const { addressFindings } = await import('../../checks/bindings.ts');
  for (const { about, problem, mend } of await addressFindings(fresh))
    context.warn(`${about} ${problem}. To mend it, ${mend.join('; or ')}`);
}

/**
 * The connectors that are not as they were, each with what it was. Both lists are in the store's order, so one walk along them is all that a
 * change of one of thousands costs; what has moved is looked for.
 */
function changedSince(
  before: readonly StoredConnector[],
  now: readonly StoredConnector[],
): (readonly [stored: StoredConnector, was: StoredConnector | undefined])[] {
  const changed: (readonly [StoredConnector, StoredConnector | undefined])[] = [];
  let known: ReadonlyMap<string, StoredConnector> | undefined;
  let at = 0;
  for (const stored of now) {
    if (stored === before[at]) at++;
    else if (stored === before[at + 1])
      at += 2; // the one before it is gone
    else if (stored.Guid === before[at]?.Guid) changed.push([stored, before[at++]]);
    else {
      known ??= new Map(before.map((c) => [c.Guid, c]));
      changed.push([stored, known.get(stored.Guid)]);
    }
  }
  return changed;
}

function bindingsOf({ Bindings }: StoredConnector): readonly string[] {
  return Array.isArray(Bindings) ? Bindings.map(String) : [];
}
