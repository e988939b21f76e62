/** What a change has changed, said to who sits at the terminal. Loaded only where that is wanted. */
import { hasListener } from '../control/control-address.ts';
import { changeLines } from '../history/rows.ts';
import type { Host } from '../pipeline/context.ts';
import type { Statement } from '../pipeline/statement.ts';
import { difference } from '../store/difference.ts';
import type { Home } from '../store/home.ts';

/** Says, on stderr, what was before and what is now. @param home told of when no listener runs there: it may be another than was meant */
export async function tellChanges({ before, draft }: Statement, host: Host, home: Home | undefined): Promise<void> {
  if (before) {
    const changes = difference(before, draft.document);
    for (const line of changeLines(changes, draft.servers, { now: host.clock() })) host.writeHost(line);
  }
  if (home && !hasListener(home))
    host.writeHost(`No listener runs on ${home.folder}; this holds when one starts there.`);
}
