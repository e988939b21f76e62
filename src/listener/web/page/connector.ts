// One connector: its use, its sources, and its settings, which can be changed here.

import type { ChangeOutcome, ConnectorAnswer as Connector } from '../answers.ts';
import { confirmChange } from './change.ts';
import { gauge, h, Rows, setAttribute, setText } from './dom.ts';
import type { Editor } from './fields.ts';
import { editor } from './fields.ts';
import { counted, number } from './format.ts';
import type { Feed } from './live.ts';
import { ask } from './server.ts';
import { sourceRow, sourcesHead } from './sources.ts';

/** @param focused a setting to begin with */
export function connectorView(root: HTMLElement, feed: Feed, guid: string, focused?: string) {
  let editors: Editor[] = [];
  let connector: Connector | undefined;
  let generation = -1;
  const title = h('h2', { id: 'connector-title' });
  const mark = h('span', { class: 'mark' });
  const bindings = h('span', { class: 'bindings' });
  const use = gauge();
  const facts = h('dl', { class: 'facts' });
  const [perSource, minute, refused, accepted] = [
    fact('Limit per source'),
    fact('Refused, 1 min'),
    fact('Refused'),
    fact('Accepted'),
  ];
  facts.append(
    h('div', {}, h('dt', {}, 'Open / limit'), h('dd', {}, use.node)),
    perSource.node,
    minute.node,
    refused.node,
    accepted.node,
  );
  const body = h('tbody');
  const rows = new Rows(body, (s: Feed['sources'][number]) => s.address, sourceRow);
  const partly = h('p', { class: 'empty', hidden: true });
  const none = h('p', { class: 'empty' }, 'Nobody is connected here, and nobody was refused within the hour.');
  const table = h(
    'table',
    { class: 'own' },
    h('caption', { class: 'unseen' }, 'Sources of this connector'),
    sourcesHead(),
    body,
  );
  const filter = h('input', {
    type: 'search',
    placeholder: 'Filter settings',
    'aria-label': 'Filter settings',
    oninput: () => pick(),
  });
  const form = h('form', {
    class: 'settings',
    novalidate: true,
    onsubmit: (event: Event) => {
      event.preventDefault();
      void change();
    },
  });
  const pending = h('span', { role: 'status' });
  const bar = h(
    'div',
    { class: 'pending', hidden: true },
    pending,
    h(
      'span',
      { class: 'actions' },
      h('button', { type: 'button', onclick: () => discard() }, 'Discard'),
      h('button', { class: 'main' }, 'What if …'),
    ),
  );
  const notice = h('p', { class: 'note', 'data-level': 'Warning', hidden: true, role: 'alert' });
  const foot = h('div', { class: 'foot' }, notice, bar);
  form.append(foot);
  root.append(
    h('p', { class: 'crumb' }, h('a', { href: '#/connectors' }, '← All connectors')),
    h(
      'section',
      { class: 'panel', 'aria-labelledby': 'connector-title' },
      h('div', { class: 'panel-head' }, title, mark, bindings),
      facts,
    ),
    h(
      'section',
      { class: 'panel', 'aria-labelledby': 'its-sources' },
      h('div', { class: 'panel-head' }, h('h3', { id: 'its-sources' }, 'Sources')),
      table,
      none,
      partly,
    ),
    h(
      'section',
      { class: 'panel', 'aria-labelledby': 'its-settings' },
      h(
        'div',
        { class: 'panel-head' },
        h('h3', { id: 'its-settings' }, 'Settings'),
        h('span', { class: 'quiet' }, 'a change acts at once'),
        filter,
      ),
      form,
    ),
  );

  async function read() {
    try {
      const answer = await ask<Connector>(`/connector?guid=${encodeURIComponent(guid)}`);
      const first = connector === undefined;
      connector = answer;
      if (first) draw();
      else refresh(answer);
    } catch (error) {
      if (!connector) setText(title, 'Connector');
      tell((error as Error).message);
    }
  }

  function tell(text: string) {
    setText(notice, text);
    notice.hidden = text === '';
  }

  function draw() {
    if (!connector) return;
    editors = [];
    form.replaceChildren(
      ...connector.topics.map(({ heading, fields }) => {
        const mine = fields.map((field) => editor(field, count));
        editors.push(...mine);
        const nodes = mine.map(({ node }) => node);
        // What the listener does not act on is out of the way
        if (fields.every(({ kept }) => kept))
          return h(
            'details',
            {},
            h('summary', {}, `${heading} (${number(fields.length)})`),
            h('fieldset', { 'aria-label': heading }, nodes),
          );
        return h('fieldset', {}, h('legend', {}, heading), nodes);
      }),
      foot,
    );
    const wanted = editors.find(({ field }) => field.name === focused);
    if (wanted) {
      wanted.node.closest('details')?.setAttribute('open', '');
      wanted.node.scrollIntoView({ block: 'center' });
      wanted.control.focus();
    }
  }

  /** New values into fields that nobody is editing; the others keep what was typed, and say so. */
  function refresh({ topics }: Connector) {
    const values = new Map(topics.flatMap(({ fields }) => fields.map((field) => [field.name, field.value])));
    for (const one of editors) {
      const value = values.get(one.field.name) ?? one.field.value;
      if (value === one.field.value) continue;
      const untouched = one.get() === one.field.value;
      if (untouched || one.get() === value) {
        one.field = { ...one.field, value };
        if (untouched) one.put(value);
        one.fail('');
      } else
        one.fail(
          `Somebody else changed it to ${value || 'nothing'}. Discard takes that value; What if … shows it again before anything happens.`,
        );
    }
    count();
  }

  function edited() {
    return editors.filter((one) => one.get() !== one.field.value);
  }

  function count() {
    const changes = edited();
    bar.hidden = changes.length === 0;
    setText(pending, changes.length ? `${counted(changes.length, 'setting')} changed, not applied yet` : '');
    for (const one of editors) setAttribute(one.node, 'data-edited', changes.includes(one));
  }

  function pick() {
    const wanted = filter.value.trim().toLowerCase();
    for (const { field, node } of editors)
      node.hidden = !`${field.name} ${field.summary}`.toLowerCase().includes(wanted);
    for (const details of form.querySelectorAll('details')) details.open = wanted !== '';
    for (const set of form.querySelectorAll('fieldset')) set.hidden = !set.querySelector('.field:not([hidden])');
  }

  function discard() {
    for (const one of editors) {
      one.put(one.field.value);
      one.fail('');
    }
    tell('');
    count();
    void read();
  }

  async function change() {
    const changes = edited();
    if (!changes.length) return;
    for (const one of editors) one.fail('');
    tell('');
    const outcome = await confirmChange({
      title: `Change ${connector?.name}?`,
      path: '/change',
      body: {
        guid,
        edits: Object.fromEntries(changes.map((one) => [one.field.name, one.get()])),
        seen: Object.fromEntries(changes.map((one) => [one.field.name, one.field.value])),
      },
      confirm: changes.length === 1 ? 'Change it' : 'Change them',
      differences: changes.map((one) => ({ setting: one.field.name, before: one.field.value, after: one.get() })),
      refused: (answer) => atFields(answer),
    });
    if (!outcome) return;
    for (const one of changes) one.field = { ...one.field, value: one.get() };
    count();
    await read();
  }

  /** What cannot be, beside the fields it is about. */
  function atFields({ fields, problems, changed = {} }: ChangeOutcome) {
    let first: Editor | undefined;
    for (const one of editors) {
      const now = changed[one.field.name];
      const text =
        fields[one.field.name] ??
        (now === undefined
          ? ''
          : `Somebody else changed it from ${one.field.value || 'nothing'} to ${now || 'nothing'} in the meantime. It is not overwritten unless you ask again.`);
      if (!text) continue;
      if (now !== undefined) one.field = { ...one.field, value: now };
      one.fail(text);
      first ??= one;
    }
    tell(problems.join('\n'));
    count();
    first?.control.focus();
    return first !== undefined || problems.length > 0;
  }

  return {
    title: () => connector?.name ?? 'Connector',
    update() {
      const row = feed.connectors.get(guid);
      if (row) {
        setText(title, row.name);
        setText(bindings, row.bindings);
        setText(mark, row.removed ? 'leaving' : row.enabled ? '' : 'disabled');
        use.update(row.open, row.limit);
        perSource.update(row.perSource === null ? 'no limit' : number(row.perSource));
        minute.update(number(row.minute), row.minute > 0 ? 'refused' : undefined);
        refused.update(number(row.refused));
        accepted.update(number(row.accepted));
      } else if (feed.state === 'live') tell('This connector was removed.');
      const mine = feed.sources.filter((source) => source.guid === guid);
      rows.show(mine);
      table.hidden = mine.length === 0;
      none.hidden = mine.length > 0;
      const left = (row?.sources ?? 0) - mine.filter(({ connections }) => connections > 0).length;
      partly.hidden = left <= 0 || mine.length === 0;
      setText(partly, `and ${number(left)} more, further from their limit; all of them: rc get-source`);
      const applied = feed.server?.applied ?? -1;
      if (applied === generation) return;
      generation = applied;
      void read();
    },
  };
}

function fact(label: string) {
  const value = h('dd');
  return {
    node: h('div', {}, h('dt', {}, label), value),
    update(text: string, level?: string) {
      setText(value, text);
      setAttribute(value, 'data-level', level);
    },
  };
}
