// Settings of a connector to fill in. Nothing is changed before what-if was seen, and nothing that somebody else changed meanwhile.
import type { ChangeOutcome } from '../../changes.ts';
import type { ConnectorAnswer as Connector } from '../../readings.ts';
import { confirmChange } from '../change.ts';
import { h, setAttribute, setText } from '../parts/dom.ts';
import { counted, number } from '../parts/format.ts';
import { filterField, panel, quiet } from '../parts/panel.ts';
import { type Editor, editor } from './fields.ts';

/** @param focused a setting to begin with @param reread reads the connector anew */
export function settingsForm(focused: string | undefined, reread: () => Promise<void>) {
  let editors: Editor[] = [];
  let connector: Connector | undefined;
  const filter = filterField('Filter settings', 'Filter settings', () => pick());
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

  function put(answer: Connector) {
    const first = connector === undefined;
    connector = answer;
    if (first) draw();
    else refresh(answer);
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
    void reread();
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
        guid: connector?.guid,
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
    await reread();
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

  return { node: panel('Settings', { level: 'h3', tools: [quiet('a change acts at once'), filter] }, form), put, tell };
}
