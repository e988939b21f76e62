/** A change in words: rights too, which are objects in a list. */
import { expect, it } from 'vitest';
import { Servers } from '../../src/domain/servers.ts';
import { changeText, valueText } from '../../src/history/rows.ts';

const grant = (User: string, ...ExtendedRights: string[]) => ({ User, ExtendedRights, Deny: false });

it('rights are words, and only those that came or went are told', () => {
  expect(valueText([grant('alice', 'SMTP-Submit')])).toBe('allow alice: SMTP-Submit');
  const before = [grant('alice', 'SMTP-Submit')];
  const after = [grant('alice', 'SMTP-Submit'), { ...grant('bob', 'A', 'B'), Deny: true }];
  const change = {
    kind: 'ReceiveConnector',
    change: 'set',
    name: 'Relay',
    settings: { Grants: { from: before, to: structuredClone(after) } },
  } as unknown as Parameters<typeof changeText>[0];
  expect(changeText(change, new Servers({ server: 'EX', fqdn: 'ex.contoso.com' }))).toBe(
    'Relay: Grants +deny bob: A and B',
  );
});
