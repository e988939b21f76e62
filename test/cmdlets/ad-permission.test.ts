import { expect, test } from 'vitest';
import { bash, rc } from '../support/rc.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';

const ANONYMOUS = 'NT AUTHORITY\\ANONYMOUS LOGON';

function relay(): string {
  const home = tempFolder();
  writeStore(home, [
    { Name: 'Relay', Bindings: ['127.0.0.1:2526'], PermissionGroups: 'AnonymousUsers' },
    { Name: 'Other', Bindings: ['127.0.0.1:2527'] },
  ]);
  return home;
}

const grants = (home: string) => (storeIn(home).connectors[0] as { Grants?: unknown }).Grants;
const objects = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

test('the anonymous relay of every guide, by pipe', async () => {
  const home = relay();
  const added = await bash(
    `rc get Relay | rc add-ad-permission --user 'NT AUTHORITY\\Anonymous Logon' --extended-rights MS-Exch-SMTP-Accept-Any-Recipient`,
    { home },
  );
  expect(added).toMatchObject({ code: 0, stderr: '' });
  expect(grants(home)).toEqual([
    { User: ANONYMOUS, ExtendedRights: ['ms-Exch-SMTP-Accept-Any-Recipient'], Deny: false },
  ]);
  expect(objects((await rc(['get', 'Relay'], { home })).stdout)[0].PermissionGroups).toBe('AnonymousUsers, Custom');
  const shown = objects((await rc(['get-ad-permission', 'Relay', '--user', 'anonymous logon'], { home })).stdout);
  expect(shown.map((p) => p.ExtendedRights)).toEqual([
    ['ms-Exch-Accept-Headers-Routing'],
    ['ms-Exch-SMTP-Accept-Any-Sender'],
    ['ms-Exch-SMTP-Accept-Authoritative-Domain-Sender'],
    ['ms-Exch-SMTP-Submit'],
    ['ms-Exch-SMTP-Accept-Any-Recipient'],
  ]);
  expect(shown[0]).toMatchObject({ User: ANONYMOUS, Deny: false, IsInherited: false, AccessRights: ['ExtendedRight'] });
});

test('rights are added to what is there, once; denials stand apart', async () => {
  const home = relay();
  const add = (rights: string, ...more: string[]) =>
    rc(['add-ad-permission', 'Relay', '--user', ANONYMOUS, '--extended-rights', rights, ...more], { home });
  await add('Bypass-Anti-Spam');
  expect(objects((await add('bypass-anti-spam,SMTP-Accept-Any-Recipient')).stdout)).toHaveLength(1);
  expect(await add('Bypass-Anti-Spam')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining('already has'),
  });
  await add('SMTP-Submit', '--deny');
  expect(grants(home)).toEqual([
    { User: ANONYMOUS, ExtendedRights: ['ms-Exch-Bypass-Anti-Spam', 'ms-Exch-SMTP-Accept-Any-Recipient'], Deny: false },
    { User: ANONYMOUS, ExtendedRights: ['ms-Exch-SMTP-Submit'], Deny: true },
  ]);
});

test('what was added is taken away again, also by pipe; the connector is as before', async () => {
  const home = relay();
  const before = storeIn(home).connectors[0] as Record<string, unknown>;
  await rc(
    [
      'add-ad-permission',
      'Relay',
      '--user',
      ANONYMOUS,
      '--extended-rights',
      'Bypass-Anti-Spam,SMTP-Accept-Any-Recipient',
    ],
    { home },
  );
  const removed = await bash(
    `rc get-ad-permission Relay | grep -e Anti-Spam -e Any-Recipient | rc remove-ad-permission --confirm=false`,
    { home },
  );
  expect(removed).toMatchObject({ code: 0, stderr: '' });
  const { WhenChanged: _, ...after } = storeIn(home).connectors[0] as Record<string, unknown>;
  const { WhenChanged: __, ...was } = before;
  expect(after).toEqual(was);
});

test('a right that comes from a group is not taken away by itself, and the error says how', async () => {
  const home = relay();
  const { code, stderr } = await rc(
    ['remove-ad-permission', 'Relay', '--user', ANONYMOUS, '--extended-rights', 'SMTP-Submit', '--confirm=false'],
    { home },
  );
  expect(code).toBe(1);
  expect(stderr).toContain('--remove-permission-groups AnonymousUsers');
});

test.each([
  [['--user', 'nobody', '--extended-rights', 'SMTP-Submit'], 'neither a well-known principal nor an SMTP user'],
  [['--user', 'ANONYMUS LOGON', '--extended-rights', 'SMTP-Submit'], 'Did you mean "ANONYMOUS LOGON"'],
  [['--user', ANONYMOUS, '--extended-rights', 'SMTP-Sumbit'], 'did you mean ms-Exch-SMTP-Submit?'],
  [['--user', ANONYMOUS, '--extended-rights', 'Fly'], 'There are: SMTP-Submit'],
  [['--user', ANONYMOUS], 'needs rights'],
  [['--extended-rights', 'SMTP-Submit'], 'needs a user'],
])('%j is refused: %s', async (args, message) => {
  const home = relay();
  const { code, stderr } = await rc(['add-ad-permission', 'Relay', ...args], { home });
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(grants(home)).toBeUndefined();
});
