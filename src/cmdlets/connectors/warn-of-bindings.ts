/** Says of new bindings that no listener on this host can open them, when they are set and not only when it tries. */
import type { StoredConnector } from '../../domain/connector.ts';
import type { Context } from '../../pipeline/context.ts';
import type { StoreDocument } from '../../store/document.ts';

/** @param before the document that the statement's draft was before the change */
export async function warnOfBindings(context: Context, before: StoreDocument): Promise<void> {
  const { draft } = context.statement;
  const { connectors } = draft.document;
  if (connectors === before.connectors) return;
  const changed = connectors.filter((c, i) => c !== before.connectors[i] && draft.servers.isOwn(c));
  const old = changed.length ? new Map(before.connectors.map((c) => [c.Guid, c])) : undefined;
  const fresh = changed.flatMap((stored) => {
    const was = old?.get(stored.Guid);
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

function bindingsOf({ Bindings }: StoredConnector): readonly string[] {
  return Array.isArray(Bindings) ? Bindings.map(String) : [];
}
