// The first view: what is wrong and what to do, then every connector with its live use, and the latest events.
import type { Choices } from '../../readings.ts';
import { changeByForm } from '../change.ts';
import { eventRow } from '../events.ts';
import type { Feed } from '../live.ts';
import { h, Rows, setText } from '../parts/dom.ts';
import { choiceField, listField, textField } from '../parts/form.ts';
import { number } from '../parts/format.ts';
import { button, filterField, panel, showRows, table } from '../parts/panel.ts';
import { ask } from '../server.ts';
import { isNear, sourceRow, sourcesTable } from '../sources.ts';
import { overview } from './figures.ts';
import { connectorsTable } from './table.ts';
import { troublePanel } from './trouble-panel.ts';

const LATEST = 6;

export function connectorsView(root: HTMLElement, feed: Feed) {
  const filter = filterField('Filter connectors', 'Filter by name or binding', () => update());
  const found = h('span', { class: 'quiet', role: 'status' });
  const figures = overview(feed);
  const trouble = troublePanel(feed);
  const connectors = connectorsTable(feed, () => update());
  const near = sourcesTable('Sources near their limit or refused in the last minute', 'brief');
  const nearRows = new Rows(near.body, (s: Feed['sources'][number]) => `${s.guid} ${s.address}`, sourceRow);
  const nearEmpty = h('p', { class: 'empty' }, 'No source is near its limit.');
  const latest = table(
    { caption: 'Latest events, newest first', className: 'events brief', headless: true },
    'Time',
    'Level',
    'Event',
  );
  const latestRows = new Rows(latest.body, (e: Feed['events'][number]) => e.key, eventRow);
  root.append(
    trouble.node,
    figures.node,
    panel(
      'Receive connectors',
      { tools: [found, filter, button('New connector …', newConnector)] },
      ...connectors.nodes,
    ),
    h(
      'div',
      { class: 'pair' },
      panel(
        'Sources near their limit',
        { tools: [h('a', { href: '#/sources' }, 'All sources')] },
        near.node,
        nearEmpty,
      ),
      panel('Latest events', { tools: [h('a', { href: '#/events' }, 'All events')] }, latest.node),
    ),
  );

  function update() {
    trouble.update();
    figures.update();
    const wanted = filter.value.trim().toLowerCase();
    const matching = connectors.update(wanted);
    setText(found, wanted ? `${number(matching)} of ${number(feed.connectors.size)}` : '');
    const nearest = feed.sources.filter(isNear).slice(0, LATEST);
    nearRows.show(nearest);
    showRows(near.node, nearEmpty, nearest.length > 0);
    latestRows.show(feed.events.slice(0, LATEST));
  }
  return { update };
}

async function newConnector() {
  const { usages } = await ask<Choices>('/choices');
  const usage = choiceField({
    name: 'Usage',
    label: 'Usage',
    options: usages.map(({ name }) => name),
    value: 'Custom',
  });
  const means = h('p', { class: 'quiet', role: 'status' });
  const tell = () => {
    const { help = '', needs = [] } = usages.find(({ name }) => name === usage.value()) ?? {};
    setText(means, `${help.split(';')[0]}. Needs ${needs.join(' and ')}.`);
  };
  usage.control.addEventListener('change', tell);
  usage.control.after(means);
  tell();
  const done = await changeByForm({
    title: 'New connector',
    command: 'new-connector',
    fields: [
      textField({ name: 'Name', label: 'Name', help: 'Unique on the server.' }),
      usage,
      listField({ name: 'Bindings', label: 'Bindings', help: 'Address and port, one a line: 0.0.0.0:2526' }),
      listField({
        name: 'RemoteIPRanges',
        label: 'RemoteIPRanges',
        help: 'Clients it is for, one a line: 10.1.2.0/24',
      }),
      textField({ name: 'Comment', label: 'Comment' }),
    ],
    confirm: 'Create it',
  });
  return done;
}
