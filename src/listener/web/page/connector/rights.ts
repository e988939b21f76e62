// Who may do what on a connector: rights given one by one, which are changed here, and those of permission groups.
import type { Choices, ConnectorAnswer, RightEntry } from '../../readings.ts';
import { changeAtOnce, changeByForm } from '../change.ts';
import { h, setText } from '../parts/dom.ts';
import { checkField, choiceField, textField } from '../parts/form.ts';
import { counted } from '../parts/format.ts';
import { actionsCell, button, panel, quiet, showRows, table } from '../parts/panel.ts';
import { ask } from '../server.ts';

export function rightsPanel(guid: string) {
  const single = table({ caption: 'Rights given or denied one by one', className: 'rights' }, 'Who', 'Right', '');
  const none = h('p', { class: 'empty' }, 'No right is given or denied by itself.');
  const groups = table({ caption: 'Rights of permission groups', className: 'rights' }, 'Who', 'Rights');
  const summary = h('summary', {});
  const details = h('details', {}, summary, groups.node);
  const node = panel(
    'Rights',
    { level: 'h3', tools: [quiet('besides PermissionGroups below'), button('Give a right …', () => give(guid))] },
    single.node,
    none,
    details,
  );

  return {
    node,
    put({ rights }: ConnectorAnswer) {
      const own = rights.filter((entry) => entry.single);
      showRows(single.node, none, own.length > 0);
      single.body.replaceChildren(...own.map((entry) => rightRow(guid, entry)));
      const byUser = new Map<string, string[]>();
      for (const { user, right } of rights.filter((entry) => !entry.single))
        byUser.set(user, [...(byUser.get(user) ?? []), right]);
      details.hidden = byUser.size === 0;
      setText(summary, `With permission groups: ${counted([...byUser.values()].flat().length, 'right')}`);
      groups.body.replaceChildren(
        ...[...byUser].map(([user, names]) =>
          h('tr', {}, h('th', { scope: 'row' }, user), h('td', {}, names.join(', '))),
        ),
      );
    },
  };
}

function rightRow(guid: string, entry: RightEntry) {
  const { user, right, deny } = entry;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, user),
    h('td', {}, deny && h('strong', {}, 'denied: '), right),
    actionsCell(button('Remove …', () => take(guid, entry), { label: `Remove ${right} of ${user}` })),
  );
}

async function give(guid: string) {
  const [{ rights, principals }, { users }] = await Promise.all([
    ask<Choices>('/choices'),
    ask<{ users: { Name: string }[] }>('/users'),
  ]);
  await changeByForm({
    title: 'Give or deny a right',
    command: 'add-right',
    more: { guid },
    fields: [
      textField({
        name: 'User',
        label: 'Who',
        help: 'A group of clients, or an SMTP user.',
        value: principals[0],
        options: [...principals, ...users.map(({ Name }) => Name)],
      }),
      choiceField({ name: 'ExtendedRights', label: 'Right', options: rights }),
      checkField({ name: 'deny', label: 'Deny it', help: 'What is denied, nothing can give.' }),
    ],
    confirm: 'Do it',
  });
}

function take(guid: string, { user, right, deny }: RightEntry) {
  return changeAtOnce(`Take ${right} from ${user}?`, 'Take it away', {
    command: 'remove-right',
    guid,
    User: user,
    ExtendedRights: right,
    deny,
  });
}
