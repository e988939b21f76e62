/** Restore-ConnectorStore: puts back what rc wrote last, when store.json is gone or cannot be read. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { authorOf } from '../../store/author.ts';
import { restoration } from '../../store/restore.ts';
import { shellWord } from '../../text/shell-word.ts';

export const restoreConnectorStore = defineCmdlet({
  name: 'Restore-ConnectorStore',
  short: 'restore',
  group: 'history',
  summary: 'Put back what was written last, when store.json is gone or cannot be read',
  description:
    'The broken file is kept beside the store. An edit by hand that broke it is lost with it; everything that rc wrote is there again.',
  changes: 'low',
  parameters: [],
  surplus: 'To go back to an older generation of a store that can be read: rc undo --to 2. Which there are: rc history',
  examples: [
    { command: 'rc restore', language: 'Restore-ConnectorStore', does: 'Makes the store readable again.' },
    { command: 'rc restore --what-if', does: 'Says what would be done.' },
  ],
  async *run({ context }) {
    const { store, host } = context;
    const author = authorOf(host.env, 'rc restore');
    if (context.preferences.whatIf) restoration(store, author);
    if (!(await context.shouldProcess(`Restoring ${store.home.store} from its history.`))) return;
    const { generation, aside, lostUsers } = store.restore(author);
    if (aside) context.warn(`What stood there is kept as ${aside}.`);
    for (const name of lostUsers)
      context.warn(
        `User "${name}" is left out: its password could not be found. Make it again: rc new-smtp-user ${shellWord(name)}`,
      );
    context.verbose(`The store is back, as generation ${generation}.`);
    yield* []; // a change outputs nothing
  },
});
