// One message: text, HTML in a frame that may do nothing, header, source, attachments.
import type { ToldMessage } from '../../../../messages/told-messages.ts';
import { confirmChange } from '../change.ts';
import { h, setText } from '../parts/dom.ts';
import { moment, size } from '../parts/format.ts';
import { button, fact, note, panel, table } from '../parts/panel.ts';
import { tabs } from '../parts/tabs.ts';
import { ask, save } from '../server.ts';

export function messageView(root: HTMLElement, id: string) {
  let subject = 'Message';
  const problem = h('p', { class: 'note', 'data-level': 'Error', role: 'alert', hidden: true });
  const content = h('div', {}, h('p', { class: 'empty', role: 'status' }, 'Reading …'));
  root.append(h('p', { class: 'crumb' }, h('a', { href: '#/messages' }, '← All messages')), problem, content);
  void read();

  async function read() {
    try {
      const message = await ask<ToldMessage>(`/message?id=${encodeURIComponent(id)}`);
      subject = message.subject || '(no subject)';
      content.replaceChildren(...shown(message, say));
    } catch (error) {
      content.replaceChildren();
      say((error as Error).message);
    }
  }

  function say(text: string) {
    problem.hidden = text === '';
    setText(problem, text);
  }

  return { title: () => subject, update: () => {} };
}

type Say = (problem: string) => void;

function shown(message: ToldMessage, say: Say) {
  const { id, files, hasHtml, text, source, cut, header } = message;
  const saving = (part: string, name: string) => async () => {
    say('');
    try {
      await save(`/part?id=${encodeURIComponent(id)}&part=${part}`, name);
    } catch (error) {
      say((error as Error).message);
    }
  };
  const rest = (what: ToldMessage['cut'][number]) =>
    cut.includes(what) && h('p', { class: 'empty' }, 'This is its beginning. The whole message can be saved.');
  const parts = [
    ...(text || !hasHtml
      ? [{ name: 'Text', fill: () => [h('pre', { class: 'mail-text' }, text || '(no text)'), rest('text')] }]
      : []),
    ...(hasHtml ? [{ name: 'HTML', fill: () => [frame(id, say), rest('html')] }] : []),
    { name: 'Header', fill: () => [headerTable(header)] },
    { name: 'Source', fill: () => [h('pre', { class: 'mail-text' }, source), rest('source')] },
  ];
  return [
    panel(
      message.subject || '(no subject)',
      {
        tools: [
          h(
            'span',
            { class: 'actions' },
            button('Save', saving('raw', 'message.eml'), { label: 'Save the whole message' }),
            button('Remove …', () => remove(message)),
          ),
        ],
      },
      h(
        'dl',
        { class: 'mail-facts' },
        fact('From', message.from || '<>'),
        fact(
          'To',
          message.recipients > message.to.length
            ? `${message.to.join(', ')} and ${message.recipients - message.to.length} more`
            : message.to.join(', '),
        ),
        fact('Received', moment(message.received)),
        fact('Size', size(message.size)),
      ),
      message.problem ? note('Warning', message.problem) : false,
      files.length > 0 &&
        h(
          'ul',
          { class: 'mail-files', 'aria-label': 'Attachments' },
          files.map(({ name, type, size: bytes }, i) =>
            h(
              'li',
              {},
              button(name, saving(String(i), name), { label: `Save ${name}` }),
              h('span', { class: 'quiet' }, ` ${type}, ${size(bytes)}`),
            ),
          ),
        ),
      tabs('Message', parts),
    ),
  ];
}

/** A frame without scripts, forms, links or a network: what it is shown may do nothing but look. */
function frame(id: string, say: Say) {
  const node = h('iframe', {
    class: 'mail-frame',
    sandbox: '',
    referrerpolicy: 'no-referrer',
    title: 'HTML of the message',
  });
  ask<{ frame: string }>('/ticket', { method: 'POST', body: { id } })
    .then((answer) => {
      node.src = answer.frame;
    })
    .catch((error: Error) => say(error.message));
  return node;
}

function headerTable(header: ToldMessage['header']) {
  const { node, body } = table({ caption: 'Header', className: 'mail-header', headless: true }, 'Field', 'Value');
  body.append(
    ...header.map(({ name, value }) =>
      h('tr', {}, h('th', { scope: 'row', class: 'quiet' }, name), h('td', {}, value)),
    ),
  );
  return node;
}

async function remove({ id, subject }: ToldMessage) {
  const done = await confirmChange({
    title: `Remove ${subject || 'this message'}?`,
    path: '/do',
    body: { command: 'remove-message', id },
    confirm: 'Remove it',
    told: 'Removed.',
  });
  if (done) location.hash = '#/messages';
}
