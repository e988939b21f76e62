// Settings of a connector to fill in. Nothing is changed before what-if was seen, and nothing that somebody else changed meanwhile.
import type { ChangeOutcome } from '../../changes.ts';
import type { ConnectorAnswer as Connector } from '../../readings.ts';
import { confirmChange } from '../change.ts';
import { h, setAttribute, setText } from '../parts/dom.ts';
import { form } from '../parts/form.ts';
import { counted, number } from '../parts/format.ts';
import { button, filterField, panel, quiet } from '../parts/panel.ts';
import { type Editor, editor } from './fields.ts';

/** Fields of a connector, by topic, and what is done with what was typed. */
export class SettingsForm {
  #editors: Editor[] = [];
  #connector: Connector | undefined;
  readonly #filter = filterField('Filter settings', 'Filter settings', () => this.#pick());
  readonly #form = form('settings', () => this.#change());
  readonly #pending = h('span', { role: 'status' });
  readonly #bar = h(
    'div',
    { class: 'pending', hidden: true },
    this.#pending,
    h(
      'span',
      { class: 'actions' },
      button('Discard', () => this.#discard()),
      h('button', { class: 'main' }, 'What if …'),
    ),
  );
  readonly #notice = h('p', { class: 'note', 'data-level': 'Warning', hidden: true, role: 'alert' });
  readonly #foot = h('div', { class: 'foot' }, this.#notice, this.#bar);
  readonly node = panel('Settings', { level: 'h3', tools: [quiet('a change acts at once'), this.#filter] }, this.#form);

  /** @param focused a setting to begin with @param reread reads the connector anew */
  constructor(
    readonly focused: string | undefined,
    readonly reread: () => Promise<void>,
  ) {
    this.#form.append(this.#foot);
  }

  put(answer: Connector) {
    const first = this.#connector === undefined;
    this.#connector = answer;
    if (first) this.#draw();
    else this.#refresh(answer);
  }

  tell(text: string) {
    setText(this.#notice, text);
    this.#notice.hidden = text === '';
  }

  #draw() {
    if (!this.#connector) return;
    this.#editors = [];
    this.#form.replaceChildren(
      ...this.#connector.topics.map(({ heading, fields }) => {
        const mine = fields.map((field) => editor(field, () => this.#count()));
        this.#editors.push(...mine);
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
      this.#foot,
    );
    const wanted = this.#editors.find(({ field }) => field.name === this.focused);
    if (wanted) {
      wanted.node.closest('details')?.setAttribute('open', '');
      wanted.node.scrollIntoView({ block: 'center' });
      wanted.control.focus();
    }
  }

  /** New values into fields that nobody is editing; the others keep what was typed, and say so. */
  #refresh({ topics }: Connector) {
    const values = new Map(topics.flatMap(({ fields }) => fields.map((field) => [field.name, field.value])));
    for (const one of this.#editors) {
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
    this.#count();
  }

  #edited() {
    return this.#editors.filter((one) => one.get() !== one.field.value);
  }

  #count() {
    const changes = this.#edited();
    this.#bar.hidden = changes.length === 0;
    setText(this.#pending, changes.length ? `${counted(changes.length, 'setting')} changed, not applied yet` : '');
    for (const one of this.#editors) setAttribute(one.node, 'data-edited', changes.includes(one));
  }

  #pick() {
    const wanted = this.#filter.value.trim().toLowerCase();
    for (const { field, node } of this.#editors)
      node.hidden = !`${field.name} ${field.summary}`.toLowerCase().includes(wanted);
    for (const details of this.#form.querySelectorAll('details')) details.open = wanted !== '';
    for (const set of this.#form.querySelectorAll('fieldset')) set.hidden = !set.querySelector('.field:not([hidden])');
  }

  #discard() {
    for (const one of this.#editors) {
      one.put(one.field.value);
      one.fail('');
    }
    this.tell('');
    this.#count();
    void this.reread();
  }

  async #change() {
    const changes = this.#edited();
    if (!changes.length) return;
    for (const one of this.#editors) one.fail('');
    this.tell('');
    const outcome = await confirmChange({
      title: `Change ${this.#connector?.name}?`,
      path: '/change',
      body: {
        guid: this.#connector?.guid,
        edits: Object.fromEntries(changes.map((one) => [one.field.name, one.get()])),
        seen: Object.fromEntries(changes.map((one) => [one.field.name, one.field.value])),
      },
      confirm: changes.length === 1 ? 'Change it' : 'Change them',
      differences: changes.map((one) => ({ setting: one.field.name, before: one.field.value, after: one.get() })),
      refused: (answer) => this.#atFields(answer),
    });
    if (!outcome) return;
    for (const one of changes) one.field = { ...one.field, value: one.get() };
    this.#count();
    await this.reread();
  }

  /** What cannot be, beside the fields it is about. */
  #atFields({ fields, problems, changed = {} }: ChangeOutcome) {
    let first: Editor | undefined;
    for (const one of this.#editors) {
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
    this.tell(problems.join('\n'));
    this.#count();
    first?.control.focus();
    return first !== undefined || problems.length > 0;
  }
}
