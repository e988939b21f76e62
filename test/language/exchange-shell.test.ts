/** What scripts for the Exchange Management Shell do around their work runs, and says why nothing was to be done. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { rc } from '../support/rc.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';

let home: string;
beforeEach(() => {
  home = tempFolder();
  writeStore(home, [{ Name: 'Relay', Bindings: ['127.0.0.1:2525'], MaxInboundConnectionPerSource: 20 }]);
});
const run = (text: string, env: Record<string, string> = {}) => rc(['-c', text], { home, env });

test.each([
  'if (!(Get-PSSnapin | where {$_.Name -eq "Microsoft.Exchange.Management.PowerShell.E2010"})) { Add-PSSnapin Microsoft.Exchange.Management.PowerShell.E2010 }',
  'Add-PSSnapin Microsoft.Exchange.Management.PowerShell.SnapIn -ErrorAction SilentlyContinue',
  'Import-Module ActiveDirectory -DisableNameChecking',
  '$s = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri http://ex01/PowerShell/ -Authentication Kerberos; Import-PSSession $s -DisableNameChecking -AllowClobber; Remove-PSSession $s',
  'Connect-ExchangeServer -auto -ClientApplication:ManagementShell',
  'Set-ExecutionPolicy RemoteSigned -Force',
  'Set-ADServerSettings -ViewEntireForest $true',
])('%s', async (text) => {
  expect(await run(text)).toMatchObject({ code: 0, stderr: '' });
});

test('-Verbose says why nothing is needed; a restart says it as a warning', async () => {
  expect((await run('Import-Module ExchangeOnline -Verbose')).stderr).toContain(
    'VERBOSE: Nothing is needed: the cmdlets are there.',
  );
  expect((await run('Restart-Service MSExchangeTransport')).stderr).toContain(
    'WARNING: Nothing is restarted: a running listener obeys',
  );
  expect(JSON.parse((await run('Get-Service MSExchangeTransp*')).stdout)).toMatchObject({
    Name: 'MSExchangeTransport',
    Status: 'Stopped',
  });
});

test.each([
  ['Get-SendConnector | select Name,AddressSpaces', 'Get-TransportService'],
  ['Get-Queue -Server EX01', 'Nothing is queued'],
  ['Get-Queue -Filter {Status -eq "Retry" -and DomainName -like "contoso*"} | Select Identity', 'Nothing is queued'],
  ['Get-TransportConfig', 'Get-ReceiveConnector | Format-List Max*'],
  ['Get-EventLog Application -Source MSExchangeTransport -Newest 10', 'Get-ReceiveConnectorEvent'],
])('%s gives nothing and says what there is instead', async (text, words) => {
  const { code, stdout, stderr } = await run(text);
  expect([code, stdout]).toEqual([0, '']);
  expect(stderr).toContain(words);
});

describe('servers', () => {
  test('Get-ExchangeServer: loops and pipes over servers', async () => {
    expect(
      (await run('foreach ($s in Get-ExchangeServer) { (Get-ReceiveConnector -Server $s.Name).Name }')).stdout,
    ).toContain('Relay');
    expect(
      (await run('Get-ExchangeServer | where { $_.ServerRole -like "*Mailbox*" } | Get-ReceiveConnector | select Name'))
        .stdout,
    ).toContain('Relay');
    expect((await run('Get-ExchangeServer nobody')).code).toBe(1);
  });

  test('-Server and -DomainController are taken by every cmdlet of Exchange’s; another server is an error', async () => {
    const { server } = storeIn(home);
    const set = await run(
      `Set-ReceiveConnector Relay -MaxInboundConnectionPerSource 30 -Server ${server.name} -DomainController dc1`,
    );
    expect(set).toMatchObject({ code: 0, stderr: '' });
    for (const text of [
      'Set-ReceiveConnector Relay -MaxInboundConnectionPerSource 40',
      'Get-AcceptedDomain',
      'Get-MessageTrackingLog',
      'Get-TransportService',
    ]) {
      const other = await run(`${text} -Server EX99`);
      expect(other.code, text).toBe(1);
      expect(other.stderr, text).toContain(`object 'EX99' couldn't be found`);
    }
    expect(storeIn(home).connectors[0]!.MaxInboundConnectionPerSource).toBe(30);
  });

  test('Get-FrontendTransportService and Set- are those of the transport service', async () => {
    const text =
      '$s = Get-FrontendTransportService; Set-FrontendTransportService $s.Name -ReceiveProtocolLogMaxAge 7.00:00:00; "$((Get-TransportService).ReceiveProtocolLogMaxAge)"';
    expect(await run(text)).toMatchObject({ code: 0, stdout: '7.00:00:00\n', stderr: '' });
  });
});

test('Get-MessageTrackingLog -Source takes Exchange’s names', async () => {
  expect(await run('Get-MessageTrackingLog -Source SMTP -EventId RECEIVE')).toMatchObject({ code: 0, stderr: '' });
  expect((await run('Get-MessageTrackingLog -Source NOWHERE')).stderr).toContain('allowed: SMTP, STOREDRIVER');
});

describe('a path with a drive', () => {
  test('is a file of the folder that $RC_DRIVE_C names', async () => {
    const drive = join(home, 'c');
    mkdirSync(join(drive, 'Scripts'), { recursive: true });
    const env = { RC_DRIVE_C: drive };
    expect(
      await run('Get-ReceiveConnector | select Name | Export-Csv C:\\Scripts\\x.csv -NoTypeInformation', env),
    ).toMatchObject({ code: 0 });
    expect(readFileSync(join(drive, 'Scripts/x.csv'), 'utf8')).toContain('"Relay"');
    expect(
      (await run('Import-Csv c:\\scripts\\..\\Scripts\\x.csv | select -ExpandProperty Name', env)).stdout,
    ).toContain('Relay');
    expect((await run('Get-Content C:\\..\\..\\..\\Scripts\\x.csv', env)).stdout).toContain('Relay'); // `..` ends at the root
    expect((await rc(['export', '--path', 'C:\\Scripts\\all.json'], { home, env })).code).toBe(0);
    writeFileSync(join(drive, 'ips.txt'), '10.1.2.3\n');
    expect((await run('Set-ReceiveConnector Relay -RemoteIPRanges (gc C:\\ips.txt)', env)).code).toBe(0);
  });

  test('upper and lower case are one, as on a drive', async () => {
    const drive = join(home, 'cased');
    mkdirSync(join(drive, 'Temp'), { recursive: true });
    const env = { RC_DRIVE_C: drive };
    expect(
      await run(
        "'10.1.2.3' > C:\\TEMP\\Ips.txt; 'more' >> c:\\temp\\IPS.TXT; gc C:\\tEMP\\*.txt; Test-Path C:\\TEMP\\no.txt",
        env,
      ),
    ).toMatchObject({ code: 0, stdout: '10.1.2.3\nmore\nfalse\n' });
    expect(readdirSync(join(drive, 'Temp'))).toEqual(['Ips.txt']);
    writeFileSync(join(drive, 'Temp/ips.txt'), 'its very name\n');
    expect((await run('gc C:\\temp\\ips.txt', env)).stdout).toBe('its very name\n');
  });

  test('without it: a clear error', async () => {
    const { code, stderr } = await run('Get-ReceiveConnector | Export-Csv D:\\x.csv');
    expect(code).toBe(1);
    expect(stderr).toContain(
      "A drive with the name 'D' does not exist. Say which folder stands for it, export RC_DRIVE_D=",
    );
  });
});

test('a path that begins with ~ is in the home folder; PowerShell makes no other of it', async () => {
  const env = { HOME: home };
  expect(
    await run(
      "'a' > ~/tilde.txt; gc ~\\tilde.txt; Test-Path ~; (Get-Item ~/*ilde.txt).Name; Test-Path ~tilde; Join-Path ~ x",
      env,
    ),
  ).toMatchObject({ code: 0, stdout: 'a\ntrue\ntilde.txt\nfalse\n~/x\n' });
  expect(readFileSync(join(home, 'tilde.txt'), 'utf8')).toBe('a\n');
});

test('Test-SmtpConnectivity connects to each binding and reads the greeting', async () => {
  const server = createServer((socket) => socket.end('220 ex.contoso.com Microsoft ESMTP MAIL Service ready\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  home = tempFolder();
  writeStore(home, [
    { Name: 'There', Bindings: [`127.0.0.1:${port}`] },
    { Name: 'Off', Bindings: ['127.0.0.1:2'], Enabled: false },
    { Name: 'Away', Bindings: ['127.0.0.1:1'] },
  ]);
  expect(await rc(['-c', 'Test-SmtpConnectivity There -WhatIf'], { home })).toMatchObject({
    code: 0,
    stderr: `What if: Connecting to "EX\\There" at 127.0.0.1:${port}.\n`,
  });
  const { stdout } = await rc(['test-smtp-connectivity'], { home });
  server.close();
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    {
      ReceiveConnector: 'There',
      StatusCode: 'Success',
      Details: '220 ex.contoso.com Microsoft ESMTP MAIL Service ready',
    },
    { ReceiveConnector: 'Away', StatusCode: 'UnableToConnect', EndPoint: '127.0.0.1:1' },
  ]);
});
