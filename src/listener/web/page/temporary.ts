// What ends by itself: until when, and letting it stay or last longer. Taking it back at once is Undo in the history below.
import { changeAtOnce, changeByForm } from './change.ts';
import type { Feed } from './live.ts';
import { h } from './parts/dom.ts';
import { textField } from './parts/form.ts';
import { breakable, shown } from './parts/format.ts';
import { actionsCell, button, panel, quiet, table, timeOf } from './parts/panel.ts';
import { ask } from './server.ts';

/** As `rc temporary` gives it. */
interface Temporary {
  readonly Identity: string;
  /** `Overrides`: of the range below. */
  readonly Setting: string;
  readonly RemoteIPRange?: string;
  readonly Value: unknown;
  readonly Before: unknown;
  readonly Until: string;
}

export function temporaryPanel(feed: Feed) {
  const { node: list, body } = table(
    { caption: 'Changes that end by themselves', className: 'access' },
    'Connector',
    'Setting, now and then',
    'Ends',
    '',
  );
  const node = panel('Temporary', { tools: [quiet('ends by itself; Undo below takes it back at once')] }, list);
  node.hidden = true;
  return {
    node,
    async read() {
      try {
        const { temporary } = await ask<{ temporary: Temporary[] }>('/temporary');
        body.replaceChildren(...temporary.map((one) => row(one, feed)));
        node.hidden = temporary.length === 0;
      } catch {
        node.hidden = true; // the history below says what is wrong
      }
    },
  };
}

function row({ Identity, Setting, RemoteIPRange, Value, Before, Until }: Temporary, feed: Feed) {
  const what = RemoteIPRange ? `override of ${RemoteIPRange}` : Setting;
  const name = Identity.slice(Identity.indexOf('\\') + 1);
  const guid = [...feed.connectors.values()].find((connector) => connector.name === name)?.guid;
  const about = { guid, setting: Setting, RemoteIPRanges: RemoteIPRange };
  const keep = () => changeAtOnce(`Keep ${what} of ${name} as it is?`, 'Keep it', { command: 'keep', ...about });
  const extend = () =>
    changeByForm({
      title: `Let ${what} of ${name} last longer`,
      command: 'extend',
      more: about,
      fields: [textField({ name: 'For', label: 'How much longer', value: '1h', help: '30m, 2h, 1d' })],
      confirm: 'Extend it',
    });
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, guid ? h('a', { class: 'name', href: `#/connector/${guid}` }, name) : Identity),
    h('td', {}, breakable(what), ' ', h('ins', {}, shown(Value)), ' → ', quiet(ended(Before, RemoteIPRange))),
    h('td', {}, timeOf(Until)),
    actionsCell(
      guid !== undefined && button('Extend …', extend, { label: `Extend ${what} of ${name}` }),
      guid !== undefined && button('Keep …', keep, { label: `Keep ${what} of ${name}` }),
    ),
  );
}

/** What it is then; an override that had no limits before is gone. */
function ended(before: unknown, range: string | undefined) {
  return range && Array.isArray(before) && !before.length ? 'the connector’s' : shown(before);
}
