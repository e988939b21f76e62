// How a connector is used now, and what is done with it as a whole.
import type { ConnectorRow } from '../../view.ts';
import { changeAtOnce, changeByForm } from '../change.ts';
import { h, setAttribute, setText } from '../parts/dom.ts';
import { listField, textField } from '../parts/form.ts';
import { number } from '../parts/format.ts';
import { gauge } from '../parts/gauge.ts';
import { button, fact, panel } from '../parts/panel.ts';

/** Its name, where it listens, how much of its limit is used. */
export function factsPanel(guid: string) {
  let now: ConnectorRow | undefined;
  const title = h('span');
  const mark = h('span', { class: 'mark' });
  const bindings = h('span', { class: 'bindings' });
  const use = gauge();
  const facts = {
    perSource: figure('Limit per source'),
    minute: figure('Refused, 1 min'),
    refused: figure('Refused'),
    accepted: figure('Accepted'),
  };
  const copy = button('Copy …', () => now && copyConnector(now));
  const remove = button('Remove …', () => now && removeConnector(now));
  const node = panel(
    title,
    { tools: [mark, bindings, h('span', { class: 'actions' }, copy, remove)] },
    h(
      'dl',
      { class: 'facts' },
      fact('Open / limit', h('dd', {}, use.node)),
      Object.values(facts).map((one) => one.node),
    ),
  );
  return {
    node,
    update(row: ConnectorRow | undefined) {
      now = row;
      copy.disabled = !row || row.removed;
      remove.disabled = !row || row.removed;
      if (!row) return setText(title, title.textContent || 'Connector');
      setText(title, row.name);
      setText(bindings, row.bindings);
      setText(mark, row.removed ? 'leaving' : row.enabled ? '' : 'disabled');
      use.update(row.open, row.limit);
      facts.perSource.update(row.perSource === null ? 'no limit' : number(row.perSource));
      facts.minute.update(number(row.minute), row.minute > 0 ? 'refused' : undefined);
      facts.refused.update(number(row.refused));
      facts.accepted.update(number(row.accepted));
    },
  };

  async function copyConnector({ name, bindings }: ConnectorRow) {
    const done = await changeByForm({
      title: `Copy ${name}`,
      intro:
        'All settings and single rights go along. Two connectors cannot have the same binding and the same remote ranges: give one of them.',
      command: 'copy-connector',
      more: { guid },
      fields: [
        textField({ name: 'Name', label: 'Name of the copy', help: 'Unique on the server.' }),
        listField({ name: 'Bindings', label: 'Bindings', help: `Empty: as ${name}, ${bindings}` }),
        listField({ name: 'RemoteIPRanges', label: 'RemoteIPRanges', help: `Empty: as ${name}` }),
      ],
      confirm: 'Copy it',
    });
    if (done) location.hash = '#/connectors';
  }

  async function removeConnector({ name }: ConnectorRow) {
    const done = await changeAtOnce(`Remove ${name}?`, `Remove ${name}`, { command: 'remove-connector', guid });
    if (done) location.hash = '#/connectors';
  }
}

function figure(label: string) {
  const value = h('dd');
  return {
    node: fact(label, value),
    update(text: string, level?: string) {
      setText(value, text);
      setAttribute(value, 'data-level', level);
    },
  };
}
