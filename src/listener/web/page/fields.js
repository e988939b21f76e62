// One setting of a connector as something to fill in, with what it is, what is allowed, and what cannot be.
import { h, setAttribute, setText } from './dom.js';
import { breakable } from './format.js';

/** @typedef {import('../fields.ts').Field} Field */
/** @typedef {{ field: Field, node: HTMLElement, control: HTMLElement, get: () => string, put: (value: string) => void, fail: (text: string) => void }} Editor */

/** @param {Field} field @param {() => void} changed @returns {Editor} */
export function editor(field, changed) {
  const id = `set-${field.name}`;
  const error = h('p', { class: 'field-error', id: `${id}-error`, hidden: true });
  const help = h('p', { class: 'quiet', id: `${id}-help` }, field.summary);
  const made = controlFor(field, id, changed);
  const { control, get, put } = made;
  const usual =
    field.default.length > 40 || (field.kind === 'list' && !field.default) ? '' : `default ${field.default || 'empty'}`;
  const acts = field.kept ? 'kept only, the listener does not act on it' : ACTS[field.holds];
  const facts = h('p', { id: `${id}-facts` }, [usual, acts].filter(Boolean).join(' · '));
  const allowed = h('p', { class: 'field-allowed', id: `${id}-allowed` }, allowedText(field));
  control.setAttribute('aria-describedby', `${id}-error ${id}-help ${id}-allowed ${id}-facts`);
  const label =
    field.kind === 'flags'
      ? h('span', { class: 'label', id: `${id}-label` }, ...breakable(field.name))
      : h('label', { for: id, class: 'label' }, ...breakable(field.name));
  const node = h(
    'div',
    { class: 'field' },
    h('div', { class: 'field-name' }, label, help),
    h('div', { class: 'field-value' }, /** @type {{ node?: HTMLElement }} */ (made).node ?? control, error),
    h('div', { class: 'quiet field-facts' }, facts, allowed),
  );
  return {
    field,
    node,
    control,
    get,
    put,
    fail(text) {
      error.hidden = text === '';
      setText(error, text);
      setAttribute(control, 'aria-invalid', text ? 'true' : undefined);
      setAttribute(node, 'data-bad', text !== '');
    },
  };
}

const ACTS = {
  'next connection': 'from the next connection',
  'next command': 'from the next command',
  'next message': 'from the next message',
  'at once': 'at once',
  rebind: 'at once, opens and closes sockets',
  never: '',
};

/** @param {Field} field */
function allowedText({ allowed, legal, kind }) {
  const values = kind === 'bool' || kind === 'enum' || kind === 'flags' ? '' : allowed;
  return [values, legal].filter(Boolean).join('; ');
}

/** @param {Field} field @param {string} id @param {() => void} changed */
function controlFor(field, id, changed) {
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
    const lines = (/** @type {string} */ value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean)
        .join('\n');
    area.value = lines(field.value);
    return {
      control: area,
      get: () =>
        area.value
          .split(/[\n,]+/)
          .map((part) => part.trim())
          .filter(Boolean)
          .join(', '),
      put: (/** @type {string} */ value) => {
        area.value = lines(value);
      },
    };
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

/** @param {HTMLInputElement | HTMLSelectElement} control @param {string} value */
function simple(control, value) {
  control.value = value;
  return {
    control,
    get: () => control.value.trim(),
    put: (/** @type {string} */ next) => {
      control.value = next;
    },
  };
}

/** @param {Field} field @param {string} id @param {() => void} changed */
function flagsControl(field, id, changed) {
  const members = field.members.filter((member) => member !== 'None');
  const boxes = members.map((member) => h('input', { type: 'checkbox', value: member, onchange: changed }));
  const control = h(
    'div',
    { role: 'group', 'aria-labelledby': `${id}-label`, class: 'flags', tabindex: '-1' },
    boxes.map((box) => h('label', { class: 'check' }, box, box.value)),
  );
  const parts = (/** @type {string} */ text) => text.split(',').map((part) => part.trim());
  let current = field.value;
  const put = (/** @type {string} */ value) => {
    current = value;
    for (const box of boxes) box.checked = parts(value).includes(box.value);
  };
  put(field.value);
  return {
    control,
    put,
    get: () => {
      const on = boxes.filter((box) => box.checked).map((box) => box.value);
      // The order they stand in means nothing
      const same = boxes.every((box) => box.checked === parts(current).includes(box.value));
      return same ? current : on.join(', ') || 'None';
    },
  };
}

/** @param {Field} field @param {string} id @param {() => void} changed */
function switchControl(field, id, changed) {
  const word = h('span');
  const box = h('input', { id, type: 'checkbox', role: 'switch', onchange: () => told() });
  const told = () => {
    setText(word, String(box.checked));
    changed();
  };
  const put = (/** @type {string} */ value) => {
    box.checked = value === 'true';
    setText(word, value);
  };
  put(field.value);
  const node = h('span', { class: 'check switch' }, box, word);
  return { control: box, node, put, get: () => String(box.checked) };
}
