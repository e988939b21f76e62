/** Who did it: the real user and sudo's, the command as typed, and never a secret. */
import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { authorOf, commandLine, withoutSecrets } from '../../src/store/author.ts';

describe('the author', () => {
  it('is the user that the system knows, whatever the environment says', () => {
    expect(authorOf({ USER: 'somebody' }, 'rc set').user).toBe(userInfo().username);
    expect(authorOf({}, 'rc set')).not.toHaveProperty('sudoUser');
    expect(authorOf({ SUDO_USER: 'alice' }, 'rc set').sudoUser).toBe('alice');
    expect(authorOf({ SUDO_USER: userInfo().username }, 'rc set')).not.toHaveProperty('sudoUser');
    expect(authorOf({ SUDO_USER: 'a\u001b[31m\nb' }, 'x').sudoUser).toBe('a\\u{1b}[31m\\u{a}b');
  });

  it('typed a command line that a shell reads the same way', () => {
    expect(commandLine(['rc', 'set', 'Default*', '--comment', "it's", '--home=/a b'])).toBe(
      `rc set 'Default*' --comment 'it'\\''s' '--home=/a b'`,
    );
  });
});

describe('secrets on a command line', () => {
  const table: [typed: string, kept: string][] = [
    ['rc new-smtp-user a --password hunter2', 'rc new-smtp-user a --password (hidden)'],
    ['rc new-smtp-user a --password=hunter2 --enabled', 'rc new-smtp-user a --password=(hidden) --enabled'],
    [`rc x --password 'a b' --other`, 'rc x --password (hidden) --other'],
    ['New-SmtpUser a -Password "a b" | x', 'New-SmtpUser a -Password (hidden) | x'],
    ['New-SmtpUser a -Password:x', 'New-SmtpUser a -Password:(hidden)'],
    ['rc x --smart-host-password y', 'rc x --smart-host-password (hidden)'],
    ['rc new-smtp-user a --password-file /run/secrets/a', 'rc new-smtp-user a --password-file /run/secrets/a'],
    ['rc new-smtp-user a --password-stdin', 'rc new-smtp-user a --password-stdin'],
    [
      'rc set-transport-service --smart-host-password-file /etc/p',
      'rc set-transport-service --smart-host-password-file /etc/p',
    ],
    ['rc set Relay --comment password', 'rc set Relay --comment password'],
  ];
  for (const [typed, kept] of table) it(typed, () => expect(withoutSecrets(typed)).toBe(kept));
});
