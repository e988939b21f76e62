// Making a change in two steps: what the cmdlet says it would do, then the same for real.
import type { ChangeOutcome as Outcome } from '../changes.ts';
import { say } from './parts/announce.ts';
import { showDialog } from './parts/dialog.ts';
import { h } from './parts/dom.ts';
import { type Field, formDialog, showProblems, valuesOf } from './parts/form.ts';
import { breakable, shown } from './parts/format.ts';
import { button, note } from './parts/panel.ts';
import { ask } from './server.ts';

type Difference = { setting: string; before: string; after: string };

const NOTHING: Outcome = {
  done: false,
  command: '',
  whatIf: [],
  warnings: [],
  fields: {},
  problems: [],
  generation: 0,
  others: false,
};

/** Asks with what-if, shows what would happen, and does it when it is confirmed. @param change `refused` takes an outcome that cannot be, and says whether it showed it @returns what was done, if anything */
export async function confirmChange(change: {
  title: string;
  path: string;
  body: Record<string, unknown>;
  confirm: string;
  differences?: Difference[];
  canForce?: boolean;
  refused?: (outcome: Outcome) => boolean;
  /** What would happen, where it need not be asked. */
  known?: string[];
  /** What is said when it is done; else by which generation the listener goes. */
  told?: string;
}): Promise<Outcome | undefined> {
  const asked = change.known
    ? { ...NOTHING, done: true, whatIf: change.known }
    : await asking(change.path, change.body);
  if (!asked.done && change.refused?.(asked)) return undefined;
  let done: Outcome | undefined;
  await showDialog(change.title, 'confirm', (dialog) => {
    const { body: content, actions } = dialog;
    const close = button('Cancel', () => dialog.close());
    show(asked, change.body);

    function show(outcome: Outcome, body: Record<string, unknown>) {
      content.replaceChildren(...saying(outcome, change.differences));
      const confirm = button(change.confirm, () => make(body), { className: 'main' });
      const isWork = outcome.done && outcome.whatIf.length > 0;
      const force = button('What if it is forced?', async () => {
        const forced = { ...change.body, force: true };
        show(await asking(change.path, forced), forced);
      });
      const canForce =
        !outcome.done &&
        change.canForce &&
        body.force !== true &&
        outcome.problems.some((line) => line.includes('--force'));
      actions.replaceChildren(close, ...(isWork ? [confirm] : []), ...(canForce ? [force] : []));
      close.textContent = isWork ? 'Cancel' : 'Close';
      confirm.autofocus = true;
      if (dialog.isOpen) (isWork ? confirm : close).focus();
    }

    async function make(body: Record<string, unknown>) {
      for (const button of actions.querySelectorAll('button')) button.disabled = true;
      actions.prepend(h('span', { class: 'quiet', role: 'status' }, 'Working …'));
      const outcome = await asking(change.path, { ...body, confirmed: true });
      if (outcome.done) done = outcome;
      if (!outcome.done && change.refused?.(outcome)) return dialog.close();
      content.replaceChildren(...resulting(outcome, change.told));
      close.textContent = 'Close';
      actions.replaceChildren(close);
      close.disabled = false;
      close.focus();
      if (outcome.done) say(change.told ?? `Done. Generation ${outcome.generation} acts.`);
    }
  });
  return done;
}

/** A form whose values become a command of the page: what-if, then for real. @returns what was done, if anything */
export async function changeByForm(form: {
  title: string;
  intro?: string;
  /** The page's name of the command, and what is sent besides the fields. */
  command: string;
  more?: Record<string, unknown>;
  fields: readonly Field[];
  /** Of what was filled in, what becomes other. */
  differences?: (values: Record<string, string | boolean>) => Difference[];
  confirm: string;
}): Promise<Outcome | undefined> {
  let done: Outcome | undefined;
  const { title, intro, fields } = form;
  await formDialog({
    title,
    intro,
    fields,
    submit: 'What if …',
    send: async (note) => {
      showProblems(fields, note, {}, []);
      const values = valuesOf(fields);
      done = await confirmChange({
        title,
        path: '/do',
        body: { command: form.command, ...form.more, ...values },
        differences: form.differences?.(values),
        confirm: form.confirm,
        refused: (outcome) => showProblems(fields, note, outcome.fields, outcome.problems),
      });
      return done !== undefined;
    },
  });
  return done;
}

/** A command that needs nothing filled in. */
export function changeAtOnce(
  title: string,
  confirm: string,
  body: Record<string, unknown>,
  ...differences: Difference[]
) {
  return confirmChange({ title, path: '/do', body, confirm, differences });
}

async function asking(path: string, body: unknown): Promise<Outcome> {
  try {
    return await ask<Outcome>(path, { method: 'POST', body });
  } catch (error) {
    const problems = [(error as Error).message];
    return { ...NOTHING, problems };
  }
}

function saying(
  { done, whatIf, warnings, problems, fields, changed, command }: Outcome,
  differences: Difference[] = [],
) {
  const parts: HTMLElement[] = whatIf.map((line) => h('p', { class: 'what-if' }, line));
  if (done && !whatIf.length) parts.push(h('p', {}, 'Nothing would change.'));
  if (done && differences.length)
    parts.push(
      h(
        'table',
        { class: 'differences' },
        h('caption', { class: 'unseen' }, 'Settings before and after'),
        h(
          'tbody',
          {},
          differences.map(({ setting, before, after }) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, breakable(setting)),
              h('td', {}, h('del', {}, shown(before)), ' → ', h('ins', {}, shown(after))),
            ),
          ),
        ),
      ),
    );
  parts.push(
    ...notes(warnings, [
      ...problems,
      ...Object.entries(fields).map(([name, text]) => `${name}: ${text}`),
      ...Object.entries(changed ?? {}).map(
        ([name, now]) => `${name} was changed by somebody else in the meantime; it is ${shown(now)} now.`,
      ),
    ]),
  );
  if (command) parts.push(h('p', { class: 'same' }, 'The same from a shell'), h('pre', {}, h('code', {}, command)));
  return parts;
}

function resulting(
  { done, generation, warnings, problems, fields, others }: Outcome,
  told = `Done. The listener goes by generation ${generation}.`,
) {
  const all = [...problems, ...Object.entries(fields).map(([name, text]) => `${name}: ${text}`)];
  if (others && done)
    warnings = [...warnings, 'Somebody else changed the store at the same moment. History shows both changes.'];
  return [
    h('p', { class: 'result', 'data-done': String(done) }, done ? told : 'It was not done, or not wholly.'),
    ...notes(warnings, all),
  ];
}

function notes(warnings: readonly string[], problems: readonly string[]) {
  return [...problems.map((line) => note('Error', line)), ...warnings.map((line) => note('Warning', line))];
}
