// One setting of a connector as something to fill in, with what it is, what is allowed, and what cannot be.
import type { Field } from '../../fields.ts';
import { h, setText } from '../parts/dom.ts';
import { formRow } from '../parts/form.ts';
import { breakable } from '../parts/format.ts';

export type Editor = {
  field: Field;
  node: HTMLElement;
  control: HTMLElement;
  get: () => string;
  put: (value: string) => void;
  fail: (text: string) => void;
};

export function editor(field: Field, changed: () => void): Editor {
  const id = `set-${field.name}`;
  const { control, node: shown = control, get, put } = controlFor(field, id, changed);
  const usual =
    field.default.length > 40 || (field.kind === 'list' && !field.default) ? '' : `default ${field.default || 'empty'}`;
  const acts = field.kept ? 'kept only, the listener does not act on it' : actsFrom(field.holds);
  const { node, fail } = formRow({
    id,
    label: breakable(field.name),
    control,
    shown,
    help: field.summary,
    facts: [
      h('p', {}, [usual, acts].filter(Boolean).join(' · ')),
      h('p', { class: 'field-allowed' }, allowedText(field)),
    ],
    isGroup: field.kind === 'flags',
  });
  return { field, node, control, get, put, fail };
}

interface Made {
  control: HTMLElement;
  /** What stands in the row, where that is more than the control. */
  node?: HTMLElement;
  get: () => string;
  put: (value: string) => void;
}

/** When a change acts, in words. */
function actsFrom(holds: Field['holds']): string {
  if (holds === 'never') return '';
  if (holds === 'rebind') return 'at once, opens and closes sockets';
  return holds === 'at once' ? holds : `from the ${holds}`;
}

function allowedText({ allowed, legal, kind }: Field) {
  const values = kind === 'bool' || kind === 'enum' || kind === 'flags' ? '' : allowed;
  return [values, legal].filter(Boolean).join('; ');
}

function controlFor(field: Field, id: string, changed: () => void): Made {
  if (field.kind === 'flags') return flagsControl(field, id, changed);
  if (field.kind === 'bool') return switchControl(field, id, changed);
  if (field.kind === 'enum') {
    const select = h(
      'select',
      { id, onchange: changed },
      field.members.map((member) => h('option', { value: member }, member)),
    );
    return simple(select, field.value);
  }
  if (field.kind === 'list') {
    const area = h('textarea', {
      id,
      rows: Math.min(6, Math.max(1, field.value.split(',').length)),
      spellcheck: 'false',
      oninput: changed,
    });
    const put = (value: string) => {
      area.value = elementsOf(value).join('\n');
    };
    put(field.value);
    return { control: area, get: () => elementsOf(area.value).join(', '), put };
  }
  const input = h('input', {
    id,
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    inputmode: field.kind === 'int' ? 'numeric' : undefined,
    'data-short': ['int', 'count', 'size', 'span'].includes(field.kind),
    oninput: changed,
  });
  return simple(input, field.value);
}

/** A list as it is typed, a line or a comma an element. */
function elementsOf(list: string): string[] {
  const elements = list.split(/[\n,]+/).map((element) => element.trim());
  return elements.filter(Boolean);
}

function simple(control: HTMLInputElement | HTMLSelectElement, value: string) {
  control.value = value;
  return {
    control,
    get: () => control.value.trim(),
    put: (next: string) => {
      control.value = next;
    },
  };
}

function flagsControl(field: Field, id: string, changed: () => void) {
  const members = field.members.filter((member) => member !== 'None');
  const boxes = members.map((member) => h('input', { type: 'checkbox', value: member, onchange: changed }));
  const control = h(
    'div',
    { role: 'group', 'aria-labelledby': `${id}-label`, class: 'flags', tabindex: '-1' },
    boxes.map((box) => h('label', { class: 'check' }, box, box.value)),
  );
  let current = field.value;
  const put = (value: string) => {
    current = value;
    for (const box of boxes) box.checked = elementsOf(value).includes(box.value);
  };
  put(field.value);
  return {
    control,
    put,
    get: () => {
      const on = boxes.filter((box) => box.checked).map((box) => box.value);
      // The order they stand in means nothing
      const same = boxes.every((box) => box.checked === elementsOf(current).includes(box.value));
      return same ? current : on.join(', ') || 'None';
    },
  };
}

function switchControl(field: Field, id: string, changed: () => void) {
  const word = h('span');
  const box = h('input', { id, type: 'checkbox', role: 'switch', onchange: () => told() });
  const told = () => {
    setText(word, String(box.checked));
    changed();
  };
  const put = (value: string) => {
    box.checked = value === 'true';
    setText(word, value);
  };
  put(field.value);
  const node = h('span', { class: 'check switch' }, box, word);
  return { control: box, node, put, get: () => String(box.checked) };
}
