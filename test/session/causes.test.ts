/** For dialogues made up at random: every refusal names its cause, and what it says to type changes that refusal. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { causeName, FAULTS } from '../../src/domain/cause.ts';
import { causeWords } from '../../src/domain/cause-words.ts';
import type { Refusal } from '../../src/listener/refusal/refusal.ts';
import { Client } from './harness/client.ts';
import { Host } from './harness/host.ts';

const settings = fc.record({
  RequireTLS: fc.boolean(),
  RequireEHLODomain: fc.boolean(),
  SizeEnabled: fc.constantFrom('Enabled', 'Disabled'),
  MaxMessageSize: fc.constantFrom('64KB', '1MB'),
  DeliveryStatusNotificationEnabled: fc.boolean(),
  EightBitMimeEnabled: fc.boolean(),
  SmtpUtf8Enabled: fc.boolean(),
  OrarEnabled: fc.boolean(),
  LongAddressesEnabled: fc.boolean(),
  DefaultDomain: fc.constantFrom('', 'contoso.com'),
  MaxRecipientsPerMessage: fc.integer({ min: 1, max: 2 }),
  MaxProtocolErrors: fc.integer({ min: 0, max: 3 }),
  MessageRateLimit: fc.constantFrom('Unlimited', '1'),
  RejectReservedTopLevelRecipientDomains: fc.boolean(),
  RejectSingleLabelRecipientDomains: fc.boolean(),
  AuthMechanism: fc.constantFrom('None', 'Tls', 'Tls, BasicAuth', 'Tls, BasicAuth, BasicAuthRequireTLS'),
  PermissionGroups: fc.constantFrom('AnonymousUsers', 'None'),
  EnhancedStatusCodesEnabled: fc.boolean(),
  ReplyDialect: fc.constantFrom('Exchange2010', 'Exchange2019'),
});
const command = fc.constantFrom(
  'EHLO client.contoso.com',
  'EHLO no!domain',
  'EHLO a b',
  'FOO',
  'AUTH PLAIN',
  'AUTH NTLM',
  'MAIL FROM:<sue@fabrikam.com>',
  'MAIL FROM:<sue@fabrikam.com> SIZE=100000',
  'MAIL FROM:<sue@fabrikam.com> BODY=8BITMIME',
  'MAIL FROM:<sue@fabrikam.com> RET=HDRS',
  'MAIL FROM:<süe@fabrikam.com> SMTPUTF8',
  'MAIL FROM:<sue>',
  'MAIL FROM:<a@@b>',
  'RCPT TO:<kim@contoso.com>',
  'RCPT TO:<lee@contoso.com> NOTIFY=NEVER',
  'RCPT TO:<lee@contoso.com> XORAR=rfc822;a@contoso.com',
  `RCPT TO:<${'k'.repeat(600)}@contoso.com>`,
  `RCPT TO:<${'k'.repeat(2500)}@contoso.com>`,
  'RCPT TO:<x@fabrikam.com>',
  'RCPT TO:<x@localhost>',
  'RCPT TO:<kim>',
  'RSET',
  'VRFY',
  'DATA now',
);

interface Played {
  /** What was refused at each command, and the reply. */
  readonly at: readonly { readonly reply: string; readonly refusal: Refusal | undefined }[];
}

async function play(given: object, lines: readonly string[]): Promise<Played> {
  const host = await new Host({ ...given }).start();
  host.live = {
    ...host.live,
    acceptedDomains: [{ Name: 'contoso.com', DomainName: 'contoso.com', DomainType: 'Authoritative', Default: true }],
  } as unknown as typeof host.live;
  const client = await Client.open(host.port);
  await client.reply();
  const at: { reply: string; refusal: Refusal | undefined }[] = [];
  try {
    for (const line of lines) {
      const before = host.refusals.length;
      const reply = await client.ask(line);
      at.push({ reply, refusal: host.refusals.slice(before).at(-1) });
      if (/^(?:421|501 (?:5\.5\.4 )?Invalid domain)/m.test(reply)) break;
    }
  } finally {
    client.socket.destroy();
    await host.close();
  }
  return { at };
}

const RUNS = Number(process.env.RUNS ?? 40);

test('every refusal has its cause, and the setting it names changes it', {
  timeout: 60_000 + RUNS * 1000,
}, async () => {
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(settings, fc.array(command, { minLength: 1, maxLength: 6 }), async (given, rest) => {
      const lines = ['EHLO client.contoso.com', ...rest];
      const { at } = await play(given, lines);
      for (const [i, { reply, refusal }] of at.entries()) {
        expect([reply, refusal !== undefined]).toEqual([reply, /^[45]/.test(reply)]);
        if (!refusal) continue;
        const { because } = refusal;
        kinds.add(because.kind);
        const { problem: why, mend } = causeWords(because);
        expect(why).not.toBe('');
        expect(causeName(because)).toMatch(/^[\w-]+$/);
        if (because.kind === 'fault')
          expect([because.fault, Object.keys(FAULTS)]).toEqual([
            because.fault,
            expect.arrayContaining([because.fault]),
          ]);
        if (because.kind !== 'setting' || Object.keys(because.enough).length === 0) continue;
        expect(mend.join()).toMatch(/^rc set 'Default EX01' --[a-z0-9-]+ /);
        const changed = await play({ ...given, ...because.enough }, lines.slice(0, i + 1));
        expect([lines[i], because.setting, changed.at[i]?.reply]).not.toEqual([lines[i], because.setting, reply]);
      }
    }),
    { numRuns: RUNS },
  );
  expect(kinds.size).toBeGreaterThan(1);
});
