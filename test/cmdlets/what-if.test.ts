/** -WhatIf says what the change would be refused for, ends as it would, and changes nothing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rc } from '../support/rc.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';

const guid = (n: number) => `11111111-1111-4111-8111-00000000000${n}`;
const at = '2024-01-02T03:04:05.000Z';
const HASH = `scrypt$16384$8$5$${'A'.repeat(22)}==$${'A'.repeat(43)}=`;
const CONNECTORS = [
  { Name: 'Relay', Bindings: ['127.0.0.1:2526'], RemoteIPRanges: ['10.1.0.0/16'] },
  { Name: 'Other', Bindings: ['127.0.0.1:2527'], RemoteIPRanges: ['10.2.0.0/16'] },
];
const REST = {
  acceptedDomains: [
    {
      Name: 'contoso.com',
      DomainName: 'contoso.com',
      DomainType: 'Authoritative',
      Default: true,
      Guid: guid(7),
      WhenChanged: at,
    },
    { Name: 'fabrikam.com', DomainName: 'fabrikam.com', DomainType: 'Authoritative', Guid: guid(6), WhenChanged: at },
  ],
  users: [{ Name: 'bob', Enabled: true, Guid: guid(8), PasswordHash: HASH, WhenChanged: at }],
};

test.each([
  [1, 'set * --bindings 127.0.0.1:2540 --remote-ip-ranges 10.0.0.0/8', 'both listen on 127.0.0.1:2540'],
  [1, 'set Other --bindings 127.0.0.1:2526 --remote-ip-ranges 10.1.0.0/16', 'both listen on 127.0.0.1:2526'],
  [2, 'set * --name New', '--name gives one connector a name'],
  [1, 'new Neu --bindings 127.0.0.1:2527 --remote-ip-ranges 10.2.0.0/16', 'both listen on 127.0.0.1:2527'],
  [1, 'copy Relay Neu', 'both listen on 127.0.0.1:2526'],
  [2, 'new-override Relay 10.0.0.1', 'New-ConnectorOverride needs a limit'],
  [1, 'remove-ad-permission Relay --user bob --extended-rights ms-Exch-SMTP-Submit', 'no single right'],
  [1, 'set-transport-service --delivery-method Relay', 'Relay needs the next host'],
  [2, `set-accepted-domain contoso.com --name ${guid(1)}`, 'has the form of a GUID'],
  [2, 'set-smtp-user bob --name **', 'has a wildcard'],
  [1, 'set-smtp-user bob --password-file nowhere', 'The password file cannot be read'],
  [1, 'new-smtp-user eva --password-file nowhere', 'The password file cannot be read'],
  [1, 'new-smtp-user eva --password-file /dev/null', 'The password is empty'],
  [2, 'new-smtp-user eva --password-file nowhere --password-stdin', 'cannot go together'],
  [1, 'remove-accepted-domain contoso.com', '"contoso.com" is the default domain'],
  [1, 'restore', 'The store is well'],
  [1, 'leave-fleet', 'This server is in no fleet'],
  [1, 'leave-fleet --keep', 'This server is in no fleet'],
])('ends with %i, as the change does: rc %s', async (code, line, said) => {
  const home = tempFolder();
  writeStore(home, CONNECTORS, REST);
  const before = storeIn(home);
  for (const last of ['--what-if', '--confirm=false']) {
    const done = await rc([...line.split(' '), last], { home });
    expect(done, last).toMatchObject({ code, stderr: expect.stringContaining(said) });
    expect(storeIn(home)).toEqual(before);
    // what is refused is not told as something that would be done
    expect(done.stderr).not.toContain('What if');
  }
});

test.each([
  [
    'set Relay --max-hop-count 30',
    ['What if: Setting Receive connector "EX\\Relay".', '  Relay  MaxHopCount  60 → 30'],
  ],
  [
    'new Neu --bindings 127.0.0.1:2540 --remote-ip-ranges 10.3.0.0/16',
    [
      'What if: Creating Receive connector "EX\\Neu".',
      '  Neu  new  Bindings 127.0.0.1:2540; RemoteIPRanges 10.3.0.0/16',
    ],
  ],
  [
    'remove Relay',
    [
      'What if: Removing Receive connector "EX\\Relay".',
      '  Relay  removed  Bindings 127.0.0.1:2526; RemoteIPRanges 10.1.0.0/16',
    ],
  ],
  ['new-smtp-user eva', ['What if: Creating SMTP user "eva".', '  SmtpUser eva  new  Enabled true']],
  ['remove-smtp-user bob', ['What if: Removing SMTP user "bob".', '  SmtpUser bob  removed  Enabled true']],
  [
    'new-accepted-domain x.org',
    [
      'What if: Creating Accepted domain "x.org".',
      '  AcceptedDomain x.org  new  DomainName x.org; DomainType Authoritative',
    ],
  ],
])('says what would be different: rc %s', async (line, said) => {
  const home = tempFolder();
  writeStore(home, CONNECTORS, REST);
  const { code, stderr } = await rc([...line.split(' '), '--what-if'], { home });
  expect([code, ...stderr.trimEnd().split('\n')]).toEqual([0, ...said]);
});

test('undo says what would be different, setting by setting', async () => {
  const home = tempFolder();
  writeStore(home, CONNECTORS, REST);
  await rc(['set', 'Relay', '--max-hop-count', '30'], { home });
  await rc(['set', 'Other', '--comment', 'b'], { home });
  await rc(['remove', 'Other', '--confirm=false'], { home });
  const [first] = (await rc(['history', '--output', 'json'], { home })).stdout.matchAll(/"Generation":\s*(\d+)/g);
  const { stderr } = await rc(['undo', '--to', String(Number(first![1]) - 3), '--what-if'], { home });
  expect(stderr.split('\n').slice(1, -1)).toEqual([
    '  Relay  MaxHopCount  30 → 60',
    '  Other  new  Bindings 127.0.0.1:2527; RemoteIPRanges 10.2.0.0/16',
  ]);
});

test('of several, one that is refused keeps the others from being told', async () => {
  const home = tempFolder();
  writeStore(home, CONNECTORS, REST);
  const { stderr } = await rc(
    ['set', '*', '--remote-ip-ranges', '10.2.0.0/17,10.2.128.0-10.3.0.1', '--connection-timeout', '1', '--what-if'],
    { home },
  );
  expect(stderr).not.toContain('What if');
});

test.each([
  ['set Relay --bindings 203.0.113.9:25'],
  ['set Relay --add-bindings [2001:db8::9]:25'],
  ['new Neu --bindings 203.0.113.9:25 --remote-ip-ranges 10.0.0.0/8'],
  ['copy Relay Neu --bindings 203.0.113.9:25'],
  ['set Off --enabled true'],
  ['import FILE'],
])('warns of an address that this host does not have: rc %s', async (line) => {
  const home = tempFolder();
  const off = { Name: 'Off', Bindings: ['203.0.113.9:2528'], Enabled: false };
  writeStore(home, [...CONNECTORS, off], REST);
  const file = join(home, 'given.json');
  writeFileSync(file, JSON.stringify({ connectors: [{ Name: 'Relay', Bindings: ['203.0.113.9:25'] }] }));
  for (const last of ['--what-if', '--confirm=false']) {
    const { code, stderr } = await rc([...line.replace('FILE', file).split(' '), last], { home });
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /WARNING: \S+ cannot be opened for '\w+': this host has no address \S+; it has .*127\.0\.0\.1/,
      ),
    });
  }
  // it is not told again by what leaves it as it is
  expect((await rc(['set', '*', '--comment', 'x'], { home })).stderr).toBe('');
});

test('a change that could be made is no error, and what is written behind it in the same text is written', async () => {
  const home = tempFolder();
  writeStore(home, CONNECTORS, REST);
  const text =
    'Set-SmtpUser bob -Name eva -WhatIf; Set-ReceiveConnector * -Comment a -WhatIf; Set-ReceiveConnector Relay -Comment b';
  expect(await rc(['-c', text], { home })).toMatchObject({ code: 0 });
  expect(storeIn(home)).toMatchObject({
    users: [{ Name: 'bob' }],
    connectors: [{ Name: 'Relay', Comment: 'b' }, { Name: 'Other' }],
  });
  expect(storeIn(home).connectors[1]).not.toHaveProperty('Comment');
});

test('warns of what the change would warn of', async () => {
  const home = tempFolder();
  writeStore(home, CONNECTORS, REST);
  const warnings = async (last: string) => {
    const { stderr } = await rc(['set', 'Relay', '--max-inbound-connection', '5', last], { home });
    return stderr.split('\n').filter((line) => line.startsWith('WARNING'));
  };
  const before = await warnings('--what-if');
  expect(before).toEqual(await warnings('--confirm=false'));
  expect(before).toHaveLength(1);
});
