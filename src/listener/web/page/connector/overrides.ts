// Limits of single addresses and ranges, in the place of the connector's: who has some, until when, and giving and taking them.
import type { Choices, ConnectorAnswer, OverrideEntry } from '../../readings.ts';
import { changeAtOnce, changeByForm } from '../change.ts';
import { h } from '../parts/dom.ts';
import { listField, textField } from '../parts/form.ts';
import { breakable } from '../parts/format.ts';
import { actionsCell, button, panel, quiet, showRows, table, timeOf } from '../parts/panel.ts';
import { ask } from '../server.ts';

export function overridesPanel(guid: string) {
  const { node: list, body } = table(
    { caption: 'Addresses and ranges with limits of their own', className: 'access overrides' },
    'Address or range',
    'Its limits',
    'Ends',
    '',
  );
  const none = h('p', { class: 'empty' }, 'No address has limits of its own: the connector’s hold for all.');
  const node = panel(
    'Overrides',
    {
      level: 'h3',
      tools: [quiet('the smallest range that holds an address decides'), button('Give limits …', () => give(guid))],
    },
    list,
    none,
  );

  return {
    node,
    put({ overrides }: ConnectorAnswer) {
      showRows(list, none, overrides.length > 0);
      body.replaceChildren(...overrides.map((entry) => overrideRow(guid, entry)));
    },
  };
}

/** @param known what is changed; without it an address gets its first */
async function give(guid: string, known?: OverrideEntry) {
  const { limits } = await ask<Choices>('/choices');
  await changeByForm({
    title: known ? `Change the limits of ${known.range}` : 'Limits of one address or range',
    intro: 'What is left empty stays as it is: the connector’s, or what was given before. Unlimited exempts.',
    command: 'new-override',
    more: { guid, ...(known ? { RemoteIPRanges: known.range } : {}) },
    fields: [
      ...(known
        ? []
        : [
            listField({
              name: 'RemoteIPRanges',
              label: 'Address or range',
              help: '10.1.2.3, 10.1.2.0/24, 10.1.2.1-10.1.2.9',
            }),
          ]),
      ...limits.map(({ name, allowed }) =>
        textField({ name, label: breakable(name), value: known?.limits[name], help: allowed }),
      ),
      textField({
        name: 'For',
        label: 'Only for',
        help: 'Then it is again as it was before: 30m, 2h, 1d. Empty: for good, or as long as it is set for now.',
      }),
      textField({
        name: 'Comment',
        label: 'Comment',
        value: known?.comment,
        help: 'Why, for whoever reads it later.',
      }),
    ],
    confirm: 'Give them',
  });
}

function overrideRow(guid: string, entry: OverrideEntry) {
  const { range, limits, until, before, comment } = entry;
  const texts = Object.entries(limits).map(([name, value]) => h('div', {}, breakable(name), ` ${value}`));
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, h('span', { class: 'name' }, range)),
    h('td', {}, texts, comment && h('div', { class: 'quiet' }, comment)),
    h('td', {}, until ? timeOf(until) : quiet('no end'), before && h('div', { class: 'quiet' }, `then ${before}`)),
    actionsCell(
      button('Change …', () => give(guid, entry), { label: `Change the limits of ${range}` }),
      button('Remove …', () => take(guid, range), { label: `Remove the limits of ${range}` }),
    ),
  );
}

function take(guid: string, range: string) {
  return changeAtOnce(`Take away what ${range} has of its own?`, 'Take it away', {
    command: 'remove-override',
    guid,
    RemoteIPRanges: range,
  });
}
