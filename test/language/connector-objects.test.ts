/** Connectors as scripts have them in hand: what is unset is $null, lists lose elements by -=. */
import { expect, test } from 'vitest';
import { scene } from './scene.ts';

test.each<[string, string[]]>([
  ['$c = Get-ReceiveConnector Relay; $null -eq $c.TlsCertificateName; $null -eq $c.DefaultDomain', ['True', 'True']],
  ['(Get-ReceiveConnector | Where-Object { $_.ServiceDiscoveryFqdn -eq $null }).Count', ['3']],
  ['$c = Get-ReceiveConnector Relay; $c.DefaultDomain = $null; $null -eq $c.DefaultDomain', ['True']],
  ['$c = Get-ReceiveConnector Relay; "[$($c.TlsCertificateName)]"', ['[]']],
  ['$c = Get-ReceiveConnector Relay; $c.RemoteIPRanges -= "192.168.5.10"; "$($c.RemoteIPRanges)"', ['192.168.5.11']],
  [
    '$c = Get-ReceiveConnector Relay; $c.RemoteIPRanges -= "10.9.9.9", "192.168.5.11"; "$($c.RemoteIPRanges)"',
    ['192.168.5.10'],
  ],
])('%s', async (text, wanted) => {
  const told = await scene().run(text);
  expect([told.complaint, ...told.errors, ...told.out]).toEqual(['', ...wanted]);
});

test('what was unset can be set as it is, and what was taken away is written', async () => {
  const one = scene();
  const told = await one.run(
    '$c = Get-ReceiveConnector Relay; $c.RemoteIPRanges -= "192.168.5.10"; Set-ReceiveConnector Relay -RemoteIPRanges $c.RemoteIPRanges -DefaultDomain $c.DefaultDomain -TlsCertificateName $c.TlsCertificateName',
  );
  expect([told.complaint, ...told.errors]).toEqual(['']);
  expect(one.stored('Relay')?.RemoteIPRanges).toEqual(['192.168.5.11']);
});

test('a list of anything has no -=, as in PowerShell', async () => {
  const told = await scene().run('$l = 1, 2; $l -= 1');
  expect(told.errors).toEqual([expect.stringContaining('op_Subtraction')]);
});
