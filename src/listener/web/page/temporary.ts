// What ends by itself: until when, and letting it stay or last longer. Taking it back at once is Undo in the history below.
import { changeAtOnce, changeByForm } from './change.ts';
import type { Feed } from './live.ts';
import { h } from './parts/dom.ts';
import { textField } from './parts/form.ts';
import { breakable, moment, shown } from './parts/format.ts';
import { button, panel, quiet, table } from './parts/panel.ts';
import { ask } from './server.ts';

/** As `rc temporary` gives it. */
interface Temporary {
  readonly Identity: string;
  readonly Setting: string;
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

function row({ Identity, Setting, Value, Before, Until }: Temporary, feed: Feed) {
  const name = Identity.slice(Identity.indexOf('\\') + 1);
  const guid = [...feed.connectors.values()].find((connector) => connector.name === name)?.guid;
  const about = { guid, setting: Setting };
  const keep = () => changeAtOnce(`Keep ${Setting} of ${name} as it is?`, 'Keep it', { command: 'keep', ...about });
  const extend = () =>
    changeByForm({
      title: `Let ${Setting} of ${name} last longer`,
      command: 'extend',
      more: about,
      fields: [textField({ name: 'For', label: 'How much longer', value: '1h', help: '30m, 2h, 1d' })],
      confirm: 'Extend it',
    });
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, guid ? h('a', { class: 'name', href: `#/connector/${guid}` }, name) : Identity),
    h('td', {}, breakable(Setting), ' ', h('ins', {}, shown(Value)), ' → ', h('del', {}, shown(Before))),
    h('td', {}, h('time', { datetime: Until }, moment(Until))),
    h(
      'td',
      { class: 'actions' },
      guid &&
        h(
          'span',
          { class: 'actions' },
          button('Extend …', extend, { label: `Extend ${Setting} of ${name}` }),
          button('Keep …', keep, { label: `Keep ${Setting} of ${name}` }),
        ),
    ),
  );
}
