// Something to fill in: a label that is one, what it means, and what cannot be, beside it.
import { showDialog } from './dialog.ts';
import { type Content, h, setAttribute, setText } from './dom.ts';
import { button, note as noteOf } from './panel.ts';

interface Row {
  readonly node: HTMLElement;
  readonly control: HTMLElement;
  /** Says beside it what is wrong; empty: nothing is. */
  fail(text: string): void;
}

type Part = string | Node | (string | Node)[];

/** A row of a form. `facts` stand in a third column where there is one. */
export function formRow({
  id,
  label,
  control,
  shown = control,
  help = '',
  facts = [],
  isGroup = false,
}: {
  id: string;
  label: Part;
  control: HTMLElement;
  /** What stands in the row, where that is more than the control. */
  shown?: HTMLElement;
  help?: string;
  facts?: HTMLElement[];
  /** Several controls, which a label cannot be for. */
  isGroup?: boolean;
}): Row {
  const error = h('p', { class: 'field-error', id: `${id}-error`, hidden: true });
  const helping = h('p', { class: 'quiet', id: `${id}-help` }, help);
  facts.forEach((fact, i) => {
    fact.id = `${id}-facts-${i}`;
  });
  control.id = id;
  control.setAttribute('aria-describedby', [`${id}-error`, `${id}-help`, ...facts.map((fact) => fact.id)].join(' '));
  const name = isGroup
    ? h('span', { class: 'label', id: `${id}-label` }, label)
    : h('label', { for: id, class: 'label' }, label);
  const node = h(
    'div',
    { class: 'field' },
    h('div', { class: 'field-name' }, name, help ? helping : null),
    h('div', { class: 'field-value' }, shown, error),
    facts.length > 0 && h('div', { class: 'quiet field-facts' }, facts),
  );
  return {
    node,
    control,
    fail(text) {
      error.hidden = text === '';
      setText(error, text);
      setAttribute(control, 'aria-invalid', text ? 'true' : undefined);
      setAttribute(node, 'data-bad', text !== '');
    },
  };
}

/** A field of a form that is sent: its name there, and what was filled in. */
export interface Field extends Row {
  readonly name: string;
  value(): string | boolean;
}

/** A form that a script sends, and judges. */
export function form(className: string | undefined, send: () => unknown, ...content: Content[]) {
  const onsubmit = (event: Event) => {
    event.preventDefault();
    void send();
  };
  return h('form', { class: className, novalidate: true, onsubmit }, ...content);
}

let numbered = 0;
const newId = () => `form-${++numbered}`;

interface Asked {
  name: string;
  label: Part;
  help?: string;
  value?: string;
}

export function textField({
  type = 'text',
  options,
  ...asked
}: Asked & { type?: 'text' | 'password'; options?: readonly string[] }): Field {
  const listId = options && newId();
  const control = h('input', { type, autocomplete: type === 'password' ? 'new-password' : 'off', spellcheck: 'false' });
  if (listId) control.setAttribute('list', listId);
  control.value = asked.value ?? '';
  const list =
    listId &&
    h(
      'datalist',
      { id: listId },
      (options ?? []).map((option) => h('option', { value: option })),
    );
  const shown = list ? h('span', {}, control, list) : control;
  return field(asked, control, () => (type === 'password' ? control.value : control.value.trim()), shown);
}

export function listField(asked: Asked): Field {
  const control = h('textarea', { rows: 2, spellcheck: 'false' });
  control.value = (asked.value ?? '').split(', ').join('\n');
  return field(asked, control, () => control.value.trim());
}

export function choiceField({ options, ...asked }: Asked & { options: readonly string[] }): Field {
  const control = h(
    'select',
    {},
    options.map((option) => h('option', { value: option }, option)),
  );
  if (asked.value) control.value = asked.value;
  return field(asked, control, () => control.value);
}

export function checkField(asked: Asked): Field {
  const control = h('input', { type: 'checkbox' });
  return field(asked, control, () => control.checked, h('span', { class: 'check' }, control));
}

function field(asked: Asked, control: HTMLElement, value: Field['value'], shown?: HTMLElement): Field {
  const row = formRow({ id: newId(), label: asked.label, control, shown, help: asked.help });
  return { ...row, name: asked.name, value };
}

/** What was filled in, by name. */
export function valuesOf(fields: readonly Field[]): Record<string, string | boolean> {
  return Object.fromEntries(fields.map((one) => [one.name, one.value()]));
}

/** Puts what is wrong beside the fields; what belongs to none into the note. The first wrong one gets the focus. */
export function showProblems(
  fields: readonly Field[],
  note: HTMLElement,
  wrong: Readonly<Record<string, string>>,
  problems: readonly string[],
) {
  let first: Field | undefined;
  const rest = new Map(Object.entries(wrong));
  for (const one of fields) {
    const text = rest.get(one.name) ?? '';
    rest.delete(one.name);
    one.fail(text);
    if (text) first ??= one;
  }
  const lines = [...problems, ...[...rest].map(([name, text]) => `${name}: ${text}`)];
  setText(note, lines.join('\n'));
  note.hidden = lines.length === 0;
  first?.control.focus();
  return first !== undefined || lines.length > 0;
}

export function problemNote() {
  const node = noteOf('Error', '');
  node.role = 'alert';
  node.hidden = true;
  return node;
}

/** A dialog with fields. `send` does it and says whether the dialog is done with. @returns was it? */
export async function formDialog({
  title,
  intro,
  fields,
  submit,
  send,
}: {
  title: string;
  intro?: string;
  fields: readonly Field[];
  submit: string;
  send: (note: HTMLElement) => Promise<boolean>;
}): Promise<boolean> {
  let isDone = false;
  await showDialog(title, 'form', (dialog) => {
    const note = problemNote();
    const sent = async () => {
      isDone = await send(note);
      if (isDone) dialog.close();
    };
    const cancel = button('Cancel', () => dialog.close());
    dialog.body.append(
      form(
        undefined,
        sent,
        intro && h('p', { class: 'quiet intro' }, intro),
        fields.map(({ node }) => node),
        note,
        h('div', { class: 'actions' }, cancel, h('button', { class: 'main' }, submit)),
      ),
    );
    dialog.actions.hidden = true;
  });
  return isDone;
}
