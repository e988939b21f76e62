// What a client would be answered, and why: a verdict for each binding, all that led to it folded behind.
import type { WhyAnswer, WhyStep } from '../readings.ts';
import { h } from './parts/dom.ts';
import { checkField, form, listField, problemNote, showProblems, textField, valuesOf } from './parts/form.ts';
import { counted } from './parts/format.ts';
import { note as noteOf, panel, table } from './parts/panel.ts';
import { ask } from './server.ts';

/** @param address a client to begin with */
export function whyView(root: HTMLElement, address = '') {
  const fields = [
    textField({ name: 'From', label: 'Client address', value: address, help: '10.1.2.3' }),
    textField({ name: 'To', label: 'Port it connects to', help: 'Empty: every binding' }),
    textField({ name: 'MailFrom', label: 'Sender', help: 'Empty: the null sender' }),
    listField({ name: 'RcptTo', label: 'Recipients', help: 'One a line; empty: it ends after MAIL' }),
    textField({ name: 'User', label: 'Logs on as', help: 'An SMTP user; empty: it does not' }),
    checkField({ name: 'Tls', label: 'Says STARTTLS' }),
  ];
  const note = problemNote();
  const result = h('div', { class: 'verdicts', role: 'status' });
  const submit = h('button', { class: 'main' }, 'Ask');
  const columns = h('div', { class: 'columns' });
  columns.append(...fields.map(({ node }) => node));
  const question = form('why-form', answer, columns, note, h('div', { class: 'actions' }, submit));
  root.append(panel('Why is a client answered so?', {}, question), result);
  if (address) void answer();

  async function answer() {
    submit.disabled = true;
    showProblems(fields, note, {}, []);
    try {
      const said = await ask<WhyAnswer>('/why', { method: 'POST', body: valuesOf(fields) });
      showProblems(fields, note, said.fields, said.problems);
      result.replaceChildren(...verdicts(said));
    } catch (error) {
      showProblems(fields, note, {}, [(error as Error).message]);
    } finally {
      submit.disabled = false;
    }
  }

  return { update: () => {} };
}

function verdicts({ steps, warnings, command }: WhyAnswer) {
  const bindings = bindingsOf(steps);
  if (!bindings.length) return [];
  return [
    panel(
      counted(bindings.length, 'binding'),
      {},
      ...warnings.map((line) => noteOf('Warning', line)),
      ...bindings.map(verdict),
      h(
        'div',
        { class: 'command' },
        h('p', { class: 'same' }, 'The same from a shell'),
        h('pre', {}, h('code', {}, command)),
      ),
    ),
  ];
}

/** Steps of one binding after the other: each begins with who takes the client. */
function bindingsOf(steps: readonly WhyStep[]): WhyStep[][] {
  const bindings: WhyStep[][] = [];
  for (const step of steps) {
    if (step.Step === 'Select' || !bindings.length) bindings.push([]);
    bindings.at(-1)?.push(step);
  }
  return bindings;
}

function verdict(steps: WhyStep[]) {
  const first = steps[0]!;
  const refused = steps.find(({ Accepted, Step }) => Accepted === false && Step !== 'Result');
  const isFine = !refused && steps.at(-1)?.Accepted !== false;
  const { node, body } = table(
    { caption: `Steps at ${first.Local}`, className: 'steps' },
    'Step',
    'What',
    'Result',
    'Why',
  );
  body.append(
    ...steps.map(({ Step, Subject, Result, Why, Accepted }) =>
      h(
        'tr',
        { 'data-level': Accepted === false ? 'refused' : undefined },
        h('th', { scope: 'row' }, Step),
        h('td', {}, Subject),
        h('td', {}, Result),
        h('td', { class: 'quiet' }, Why),
      ),
    ),
  );
  return h(
    'article',
    { class: 'verdict', 'data-verdict': isFine ? 'accepted' : 'refused' },
    h(
      'p',
      { class: 'verdict-line' },
      h('strong', { class: 'verdict-word' }, isFine ? 'accepted' : 'refused'),
      ' ',
      h('code', {}, first.Local),
      ' ',
      h('span', { class: 'name' }, first.Connector || 'no connector'),
    ),
    refused &&
      h(
        'p',
        {},
        h('code', {}, refused.Step === 'Limit' ? `${refused.Subject} ${refused.Result}` : refused.Result),
        ' ',
        refused.Why,
      ),
    refused &&
      refused.Mend.length > 0 &&
      h(
        'p',
        { class: 'mend' },
        refused.Mend.map((line) => h('code', {}, line)),
      ),
    h('details', {}, h('summary', {}, counted(steps.length, 'step')), node),
  );
}
