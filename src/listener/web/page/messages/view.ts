// The messages that the listener took: newest first, as they come, with a search.
import type { MessageLine, MessageList } from '../../../../messages/told-messages.ts';
import { confirmChange } from '../change.ts';
import type { Feed } from '../live.ts';
import { h, Rows, setText } from '../parts/dom.ts';
import { clock, counted, moment, number, size } from '../parts/format.ts';
import { button, filterField, panel, table } from '../parts/panel.ts';
import { ask } from '../server.ts';

/** A search begins when somebody has stopped typing. */
const TYPING_MS = 300;

export function messagesView(root: HTMLElement, feed: Feed) {
  let lines: MessageLine[] = [];
  let total = 0;
  let next: string | undefined;
  let mail: string | undefined;
  let reading = false;
  let again = false;
  let typing: ReturnType<typeof setTimeout> | undefined;
  const search = filterField('Search messages', 'Search sender, recipient, subject, text', () => {
    clearTimeout(typing);
    typing = setTimeout(() => void read(), TYPING_MS);
  });
  const found = h('span', { class: 'quiet', role: 'status' });
  const { node, body } = table(
    { caption: 'Messages, newest first', className: 'messages' },
    'Received',
    'From',
    'To',
    'Subject',
    h('th', { scope: 'col', class: 'number wide' }, 'Size'),
  );
  const rows = new Rows(body, (line: MessageLine) => line.id, messageRow);
  const empty = h('p', { class: 'empty' }, 'Reading …');
  const more = button('Older messages', () => older());
  more.className = 'more';
  const removeAll = button('Remove all …', () => clear());
  root.append(panel('Messages', { tools: [found, search, removeAll] }, node, empty, more));
  node.hidden = true;
  more.hidden = true;

  const path = (before?: string) => {
    const asked = new URLSearchParams({ search: search.value.trim() });
    if (before) asked.set('before', before);
    return `/messages?${asked}`;
  };

  /** One at a time: messages may come faster than they are read. */
  async function read() {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    try {
      const answer = await ask<MessageList>(path());
      ({ total, next } = answer);
      lines = [...answer.messages];
      show();
    } catch (error) {
      lines = [];
      next = undefined;
      show(`Messages cannot be shown. ${(error as Error).message}`);
    } finally {
      reading = false;
      if (again) {
        again = false;
        void read();
      }
    }
  }

  async function older() {
    more.disabled = true;
    try {
      const answer = await ask<MessageList>(path(next));
      next = answer.next;
      lines = [...lines, ...answer.messages];
      show();
    } catch (error) {
      setText(found, (error as Error).message);
    } finally {
      more.disabled = false;
    }
  }

  function show(problem = '') {
    rows.show(lines);
    node.hidden = lines.length === 0;
    empty.hidden = lines.length > 0;
    setText(empty, problem || (total ? 'No message fits.' : 'No message has come yet.'));
    more.hidden = next === undefined;
    removeAll.disabled = total === 0;
    setText(
      found,
      search.value.trim() ? `${number(lines.length)}${next ? '+' : ''} of ${number(total)}` : counted(total, 'message'),
    );
  }

  async function clear() {
    const what = `All of the Maildir: ${counted(total, 'message')}. They are gone for good; nothing can undo it.`;
    await confirmChange({
      title: 'Remove all messages?',
      path: '/do',
      body: { command: 'remove-message', all: true },
      confirm: 'Remove all',
      known: [what],
      told: 'Removed.',
    });
    void read();
  }

  return {
    update() {
      if (feed.mail === mail) return;
      mail = feed.mail;
      void read();
    },
  };
}

function messageRow(first: MessageLine) {
  const { id, received, from, to, recipients, subject, attachments } = first;
  const today = new Date(received).toDateString() === new Date().toDateString();
  const node = h(
    'tr',
    {},
    h(
      'td',
      { class: 'when' },
      h('time', { datetime: received, title: moment(received) }, today ? clock(received) : moment(received)),
    ),
    h('td', { class: 'from' }, from || '<>'),
    h(
      'td',
      { class: 'to' },
      to.join(', '),
      recipients > to.length && h('span', { class: 'quiet' }, ` and ${number(recipients - to.length)} more`),
    ),
    h(
      'th',
      { scope: 'row', class: 'subject' },
      h('a', { class: 'name', href: `#/message/${encodeURIComponent(id)}` }, subject || '(no subject)'),
      attachments ? h('span', { class: 'mark' }, counted(attachments, 'attachment')) : null,
    ),
    h('td', { class: 'number wide quiet' }, size(first.size)),
  );
  return { node, update: () => {} };
}
