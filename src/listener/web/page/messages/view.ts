// The messages that the listener took: newest first, as they come, with a search.
import type { MessageLine, MessageList } from '../../../../messages/told-messages.ts';
import { confirmChange } from '../change.ts';
import { type Feed, oneAtATime } from '../live.ts';
import { h, Rows, setText } from '../parts/dom.ts';
import { counted, number, size } from '../parts/format.ts';
import { button, filterField, panel, showRows, table, whenCell } from '../parts/panel.ts';
import { ask } from '../server.ts';

/** A search begins when somebody has stopped typing. */
const TYPING_MS = 300;

export function messagesView(root: HTMLElement, feed: Feed) {
  let lines: MessageLine[] = [];
  let total = 0;
  let next: string | undefined;
  let mail: string | undefined;
  let typing: ReturnType<typeof setTimeout> | undefined;
  const search = filterField('Search messages', 'Search sender, recipient, subject, text', () => {
    clearTimeout(typing);
    typing = setTimeout(() => void read(), TYPING_MS);
  });
  const found = h('span', { class: 'quiet', role: 'status' });
  const list = messageTable(() => older());
  const removeAll = button('Remove all …', () => clear());
  root.append(panel('Messages', { tools: [found, search, removeAll] }, ...list.nodes));

  const path = (before?: string) => pathOf(search.value, before);
  const read = oneAtATime(async () => {
    try {
      const answer = await ask<MessageList>(path());
      ({ total, next } = answer);
      lines = [...answer.messages];
      show();
    } catch (error) {
      lines = [];
      next = undefined;
      show(`Messages cannot be shown. ${(error as Error).message}`);
    }
  });

  async function older() {
    list.more.disabled = true;
    try {
      const answer = await ask<MessageList>(path(next));
      next = answer.next;
      lines = [...lines, ...answer.messages];
      show();
    } catch (error) {
      setText(found, (error as Error).message);
    } finally {
      list.more.disabled = false;
    }
  }

  function show(problem = '') {
    list.show(lines, problem || (total ? 'No message fits.' : 'No message has come yet.'), next === undefined);
    removeAll.disabled = total === 0;
    setText(
      found,
      search.value.trim() ? `${number(lines.length)}${next ? '+' : ''} of ${number(total)}` : counted(total, 'message'),
    );
  }

  async function clear() {
    await removeMessages(total);
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

/** The messages, what is said where there are none, and the button that fetches older ones. */
function messageTable(older: () => unknown) {
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
  const more = button('Older messages', older, { className: 'more' });
  node.hidden = true;
  more.hidden = true;
  return {
    nodes: [node, empty, more],
    more,
    show(lines: readonly MessageLine[], none: string, isAll: boolean) {
      rows.show(lines);
      showRows(node, empty, lines.length > 0, none);
      more.hidden = isAll;
    },
  };
}

function pathOf(search: string, before?: string): string {
  const asked = new URLSearchParams({ search: search.trim() });
  if (before) asked.set('before', before);
  return `/messages?${asked}`;
}

function removeMessages(total: number) {
  const what = `All of the Maildir: ${counted(total, 'message')}. They are gone for good; nothing can undo it.`;
  return confirmChange({
    title: 'Remove all messages?',
    path: '/do',
    body: { command: 'remove-message', all: true },
    confirm: 'Remove all',
    known: [what],
    told: 'Removed.',
  });
}

function messageRow(first: MessageLine) {
  const { id, received, from, to, recipients, subject, attachments } = first;
  const node = h(
    'tr',
    {},
    whenCell(received),
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
