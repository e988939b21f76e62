// Who may log on, and which domains mail is taken for.
import type { Choices } from '../readings.ts';
import { changeAtOnce, changeByForm } from './change.ts';
import { atEachGeneration, type Feed } from './live.ts';
import { h } from './parts/dom.ts';
import { checkField, choiceField, textField } from './parts/form.ts';
import { moment } from './parts/format.ts';
import { actionsCell, button, panel, showRows, table } from './parts/panel.ts';
import { ask } from './server.ts';

interface User {
  readonly Name: string;
  readonly Enabled: boolean;
  readonly Guid: string;
  readonly WhenChanged: string;
}

interface Domain {
  readonly Name: string;
  readonly DomainName: string;
  readonly DomainType: string;
  readonly Default: boolean;
  readonly Guid: string;
  readonly WhenChanged: string;
}

const named = ({ Name, Guid }: { Name: string; Guid: string }) => ({ Name, guid: Guid });

export function accessView(root: HTMLElement, feed: Feed) {
  const users = listed<User>({
    title: 'Users',
    path: '/users',
    of: 'users',
    columns: ['User', 'May log on', 'Changed', ''],
    nothing: 'No user yet: nobody can log on.',
    add: button('New user …', newUser),
    row: userRow,
  });
  const domains = listed<Domain>({
    title: 'Accepted domains',
    path: '/domains',
    of: 'domains',
    columns: ['Domain', 'Type', 'Changed', ''],
    nothing: 'No domain yet: mail to any domain is taken for tests, and nothing is relayed.',
    add: button('New domain …', newDomain),
    row: domainRow,
  });
  root.append(users.node, domains.node);
  return {
    update: atEachGeneration(feed, () => Promise.all([users.read(), domains.read()])),
  };
}

/** A panel with what `rc` lists; read again at each generation. */
function listed<Item>(about: {
  title: string;
  path: string;
  of: string;
  columns: string[];
  nothing: string;
  add: HTMLElement;
  row: (item: Item) => HTMLElement;
}) {
  const { node, body } = table({ caption: about.title, className: 'access' }, ...about.columns);
  const empty = h('p', { class: 'empty' }, 'Reading …');
  node.hidden = true;
  return {
    node: panel(about.title, { tools: [about.add] }, node, empty),
    async read() {
      try {
        const items = (await ask<Record<string, Item[]>>(about.path))[about.of] ?? [];
        body.replaceChildren(...items.map(about.row));
        showRows(node, empty, items.length > 0, about.nothing);
      } catch (error) {
        showRows(node, empty, false, `This cannot be shown. ${(error as Error).message}`);
      }
    },
  };
}

function row(name: (Node | string)[], what: string, changed: string, ...buttons: HTMLElement[]) {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, name),
    h('td', {}, what),
    h('td', { class: 'when quiet wide' }, moment(changed)),
    actionsCell(...buttons),
  );
}

function userRow(user: User) {
  const { Name, Enabled } = user;
  return row(
    [h('span', { class: 'name' }, Name)],
    Enabled ? 'yes' : 'no',
    user.WhenChanged,
    button(
      Enabled ? 'Lock …' : 'Unlock …',
      () =>
        changeAtOnce(
          `${Enabled ? 'Lock' : 'Unlock'} ${Name}?`,
          Enabled ? 'Lock it' : 'Unlock it',
          { command: 'enable-user', ...named(user), enabled: !Enabled },
          { setting: 'Enabled', before: String(Enabled), after: String(!Enabled) },
        ),
      { label: `${Enabled ? 'Lock' : 'Unlock'} ${Name}` },
    ),
    button('Password …', () => newPassword(user), { label: `New password for ${Name}` }),
    button(
      'Remove …',
      () => changeAtOnce(`Remove ${Name}?`, `Remove ${Name}`, { command: 'remove-user', ...named(user) }),
      { label: `Remove ${Name}` },
    ),
  );
}

const passwordField = () =>
  textField({
    name: 'password',
    label: 'Password',
    type: 'password',
    help: 'Only a hash of it is kept.',
  });

function newUser() {
  return changeByForm({
    title: 'New user',
    intro: 'Users log on at connectors whose AuthMechanism has BasicAuth.',
    command: 'new-user',
    fields: [textField({ name: 'Name', label: 'Name', help: 'scanner, or alice@contoso.com' }), passwordField()],
    confirm: 'Add the user',
  });
}

function newPassword(user: User) {
  return changeByForm({
    title: `New password for ${user.Name}`,
    command: 'set-password',
    more: named(user),
    fields: [passwordField()],
    confirm: 'Set it',
  });
}

function domainRow(domain: Domain) {
  const { Name, DomainName, DomainType, Default } = domain;
  return row(
    [h('span', { class: 'name' }, DomainName), Name === DomainName ? '' : h('span', { class: 'mark' }, Name)],
    Default ? `${DomainType}, default` : DomainType,
    domain.WhenChanged,
    button('Change …', () => changeDomain(domain), { label: `Change ${DomainName}` }),
    button(
      'Remove …',
      () =>
        changeAtOnce(`Remove ${DomainName}?`, `Remove ${DomainName}`, { command: 'remove-domain', ...named(domain) }),
      { label: `Remove ${DomainName}` },
    ),
  );
}

const typeField = (options: readonly string[], value?: string) =>
  choiceField({
    name: 'DomainType',
    label: 'Type',
    options,
    value,
    help: 'Authoritative: all its mailboxes are ours, and others may not send as it. Relay: mail for it goes on to another system.',
  });

async function newDomain() {
  const { domainTypes } = await ask<Choices>('/choices');
  return changeByForm({
    title: 'New accepted domain',
    command: 'new-domain',
    fields: [
      textField({ name: 'DomainName', label: 'Domain', help: 'contoso.com, or *.contoso.com with its subdomains' }),
      typeField(domainTypes),
    ],
    confirm: 'Accept it',
  });
}

async function changeDomain(domain: Domain) {
  const { domainTypes } = await ask<Choices>('/choices');
  return changeByForm({
    title: `Change ${domain.DomainName}`,
    command: 'set-domain',
    more: named(domain),
    fields: [
      typeField(domainTypes, domain.DomainType),
      ...(domain.Default ? [] : [checkField({ name: 'makeDefault', label: 'Make it the default domain' })]),
    ],
    differences: ({ DomainType, makeDefault }) => [
      ...(DomainType === domain.DomainType
        ? []
        : [{ setting: 'DomainType', before: domain.DomainType, after: String(DomainType) }]),
      ...(makeDefault === true ? [{ setting: 'Default', before: 'false', after: 'true' }] : []),
    ],
    confirm: 'Change it',
  });
}
