// The sources of one connector.
import type { Feed } from '../live.ts';
import { h, Rows, setText } from '../parts/dom.ts';
import { number } from '../parts/format.ts';
import { panel, showRows } from '../parts/panel.ts';
import { sourceRow, sourcesTable } from '../sources.ts';

export function sourcesPanel(guid: string, feed: Feed) {
  const { node: table, body } = sourcesTable('Sources of this connector', 'own');
  const rows = new Rows(body, (s: Feed['sources'][number]) => s.address, sourceRow);
  const none = h('p', { class: 'empty' }, 'Nobody is connected here, and nobody was refused within the hour.');
  const partly = h('p', { class: 'empty', hidden: true });
  return {
    node: panel('Sources', { level: 'h3' }, table, none, partly),
    update() {
      const mine = feed.sources.filter((source) => source.guid === guid);
      rows.show(mine);
      showRows(table, none, mine.length > 0);
      const connected = mine.filter(({ connections }) => connections > 0).length;
      const left = (feed.connectors.get(guid)?.sources ?? 0) - connected;
      partly.hidden = left <= 0 || mine.length === 0;
      setText(partly, `and ${number(left)} more, further from their limit; all of them: rc get-source`);
    },
  };
}
