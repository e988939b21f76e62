/**
 * Lines found in public scripts, guides and hardening checklists, word for word, run through the built `rc -c`: what each
 * one does to the store, or prints, is checked. A second part holds lines of the same kind that nobody wrote down for us.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Ran, rc } from '../support/rc.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';

type Stored = Record<string, unknown>;

interface Server {
  readonly home: string;
  run(text: string, more?: { input?: string; args?: string[] }): Promise<Ran>;
  stored(name: string): Stored | undefined;
  generation(): number;
}

const DEFAULTS: Stored[] = [
  { Name: 'Default Frontend EX01', Bindings: ['0.0.0.0:25'], PermissionGroups: 'AnonymousUsers, ExchangeServers' },
  {
    Name: 'Default EX',
    Bindings: ['0.0.0.0:2525'],
    PermissionGroups: 'ExchangeUsers',
    MaxInboundConnectionPerSource: 'Unlimited',
  },
  { Name: 'Default EXCH', Bindings: ['0.0.0.0:2526'] },
  { Name: 'Client Frontend EX01', Bindings: ['0.0.0.0:587'], PermissionGroups: 'ExchangeUsers', MessageRateLimit: 5 },
  { Name: 'Frontend EX01', Bindings: ['0.0.0.0:8181'], Enabled: false, ProtocolLoggingLevel: 'Verbose' },
  {
    Name: 'Relay',
    Bindings: ['127.0.0.1:26'],
    RemoteIPRanges: ['192.168.5.10', '192.168.5.11'],
    PermissionGroups: 'AnonymousUsers',
  },
  { Name: 'Default Mailbox01', Bindings: ['0.0.0.0:717'], PermissionGroups: 'ExchangeUsers, ExchangeServers' },
];

function server(connectors: readonly Stored[] = DEFAULTS, more: object = {}): Server {
  const home = tempFolder('lines');
  writeStore(home, connectors, more);
  return {
    home,
    run: (text, { input, args = [] } = {}) => rc(['-c', text, ...args], { home, input, cwd: home }),
    stored: (name) => storeIn(home).connectors.find((c) => c.Name === name),
    generation: () => storeIn(home).generation,
  };
}

/** Objects printed, a line each. */
function objects(ran: Ran): Stored[] {
  return ran.stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Stored);
}

function fine(ran: Ran): Ran {
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
  return ran;
}

describe('one-liners as people wrote them', () => {
  test('Get-ReceiveConnector default* | Select Name,MaxInbound*', async () => {
    const rows = objects(fine(await server().run('Get-ReceiveConnector default* | Select Name,MaxInbound*')));
    expect(rows).toHaveLength(4);
    expect(rows[1]).toEqual({
      Name: 'Default EX',
      MaxInboundConnection: 5000,
      MaxInboundConnectionPerSource: 'Unlimited',
      MaxInboundConnectionPercentagePerSource: 2,
    });
  });

  test('Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 100', async () => {
    const s = server();
    const ran = fine(
      await s.run('Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 100'),
    );
    expect(ran.stdout).toBe('');
    for (const name of ['Default Frontend EX01', 'Default EX', 'Default EXCH', 'Default Mailbox01'])
      expect(s.stored(name)?.MaxInboundConnectionPerSource).toBe(100);
    expect(s.stored('Relay')?.MaxInboundConnectionPerSource).toBeUndefined();
    expect(s.generation()).toBe(2);
  });

  test('Get-ReceiveConnector | ft Name, MessageRateLimit', async () => {
    const { stdout } = fine(await server().run('Get-ReceiveConnector | ft Name, MessageRateLimit'));
    expect(stdout).toMatch(/^\nName +MessageRateLimit *\n-+ +-+ *\n/);
    expect(stdout).toMatch(/\nClient Frontend EX01 +5\n/);
    expect(stdout).toMatch(/\nRelay +Unlimited\n/);
  });

  test("Set-ReceiveConnector -Identity 'Default EXCH' -MessageRateLimit 1000", async () => {
    const s = server();
    fine(await s.run("Set-ReceiveConnector -Identity 'Default EXCH' -MessageRateLimit 1000"));
    expect(s.stored('Default EXCH')?.MessageRateLimit).toBe(1000);
  });

  test('Get-ReceiveConnector | Set-ReceiveConnector -MaxMessageSize 100MB', async () => {
    const s = server();
    fine(await s.run('Get-ReceiveConnector | Set-ReceiveConnector -MaxMessageSize 100MB'));
    for (const { Name } of DEFAULTS) expect(s.stored(Name as string)?.MaxMessageSize).toBe('100MB');
    expect(s.generation()).toBe(2);
  });

  test('Get-ReceiveConnector -Identity "Client Frontend*" | Set-ReceiveConnector -AdvertiseClientSettings $true', async () => {
    const s = server();
    const ran = await s.run(
      'Get-ReceiveConnector -Identity "Client Frontend*" | Set-ReceiveConnector -AdvertiseClientSettings $true',
    );
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('AdvertiseClientSettings is kept');
    expect(s.stored('Client Frontend EX01')?.AdvertiseClientSettings).toBe(true);
    expect(s.stored('Relay')?.AdvertiseClientSettings).toBeUndefined();
  });

  test("… | Where-Object {$_.Name -like '*Default*'} | Set-ReceiveConnector -RemoteIPRanges @{Add='10.1.2.3'}", async () => {
    const s = server();
    fine(
      await s.run(
        "Get-ReceiveConnector | Where-Object {$_.Name -like '*Default*'} | Set-ReceiveConnector -RemoteIPRanges @{Add='10.1.2.3'}",
      ),
    );
    expect(s.stored('Default EX')?.RemoteIPRanges).toEqual(
      expect.arrayContaining(['0.0.0.0-255.255.255.255', '10.1.2.3']),
    );
    expect(s.stored('Relay')?.RemoteIPRanges).toEqual(['192.168.5.10', '192.168.5.11']);
  });

  test("… | where {$_.Bindings -like '*8181'} | Format-List Identity,RemoteIPRanges,PermissionGroups,AuthMechanism", async () => {
    const { stdout } = fine(
      await server().run(
        "Get-ReceiveConnector | where {$_.Bindings -like '*8181'} | Format-List Identity,RemoteIPRanges,PermissionGroups,AuthMechanism",
      ),
    );
    expect(stdout).toBe(
      '\nIdentity         : EX\\Frontend EX01\nRemoteIPRanges   : {::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 0.0.0.0-255.255.255.255}\nPermissionGroups : None\nAuthMechanism    : Tls\n\n',
    );
  });

  test('Get-ReceiveConnector | Select Name, Identity, MaxRecipientsPerMessage', async () => {
    const rows = objects(
      fine(await server().run('Get-ReceiveConnector | Select Name, Identity, MaxRecipientsPerMessage')),
    );
    expect(rows.find((row) => row.Name === 'Relay')).toEqual({
      Name: 'Relay',
      Identity: 'EX\\Relay',
      MaxRecipientsPerMessage: 200,
    });
  });

  test('Get-ReceiveConnector | fl Name,Bindings,AuthMechanism,PermissionGroups,RemoteIPRanges', async () => {
    const { stdout } = fine(
      await server().run('Get-ReceiveConnector | fl Name,Bindings,AuthMechanism,PermissionGroups,RemoteIPRanges'),
    );
    expect(stdout).toContain(
      '\nName             : Relay\nBindings         : {127.0.0.1:26}\nAuthMechanism    : Tls\nPermissionGroups : AnonymousUsers\nRemoteIPRanges   : {192.168.5.10, 192.168.5.11}\n',
    );
  });

  test('… | select-object server,name,enabled | export-csv Get-RecConn-Summary.csv -NoTypeInfo', async () => {
    const s = server();
    const ran = fine(
      await s.run(
        'Get-ReceiveConnector | select-object server,name,enabled | export-csv Get-RecConn-Summary.csv -NoTypeInfo',
      ),
    );
    expect(ran.stdout).toBe('');
    const lines = readFileSync(join(s.home, 'Get-RecConn-Summary.csv'), 'utf8')
      .replace(/^\ufeff/, '')
      .split(/\r?\n/);
    expect(lines[0]?.toLowerCase()).toBe('"server","name","enabled"');
    expect(lines).toContain('"EX","Frontend EX01","False"');
    expect(lines).toContain('"EX","Relay","True"');
  });

  test('Get-ReceiveConnector | Where {$_.Enabled -eq $true} | Select Identity, SmtpUtf8Enabled, TarpitInterval', async () => {
    const rows = objects(
      fine(
        await server().run(
          'Get-ReceiveConnector | Where {$_.Enabled -eq $true} | Select Identity, SmtpUtf8Enabled, TarpitInterval',
        ),
      ),
    );
    expect(rows).toHaveLength(DEFAULTS.length - 1);
    expect(rows[0]).toEqual({
      Identity: 'EX\\Default Frontend EX01',
      SmtpUtf8Enabled: true,
      TarpitInterval: '00:00:05',
    });
  });

  test('Set-ReceiveConnector -Identity "Default Frontend EX01" -Banner "220 contoso.example"', async () => {
    const s = server();
    fine(await s.run('Set-ReceiveConnector -Identity "Default Frontend EX01" -Banner "220 contoso.example"'));
    expect(s.stored('Default Frontend EX01')?.Banner).toBe('220 contoso.example');
  });

  test('Set-ReceiveConnector -Identity "SRV-MAIL01\\Default Frontend SRV-MAIL01" -ProtocolLoggingLevel Verbose', async () => {
    const s = server([{ Name: 'Default Frontend SRV-MAIL01', Bindings: ['0.0.0.0:25'] }], {
      server: { name: 'SRV-MAIL01', fqdn: 'srv-mail01.contoso.com' },
    });
    fine(
      await s.run(
        'Set-ReceiveConnector -Identity "SRV-MAIL01\\Default Frontend SRV-MAIL01" -ProtocolLoggingLevel Verbose',
      ),
    );
    expect(s.stored('Default Frontend SRV-MAIL01')?.ProtocolLoggingLevel).toBe('Verbose');
  });

  test("Set-ReceiveConnector -Identity 'Frontend EX01' -AuthMechanism 'Tls, BasicAuth, BasicAuthRequireTLS'", async () => {
    const s = server();
    fine(
      await s.run(
        "Set-ReceiveConnector -Identity 'Frontend EX01' -AuthMechanism 'Tls, BasicAuth, BasicAuthRequireTLS'",
      ),
    );
    expect(s.stored('Frontend EX01')?.AuthMechanism).toBe('Tls, BasicAuth, BasicAuthRequireTLS');
  });

  test('New-ReceiveConnector -Name "Relay" -TransportRole FrontendTransport -Custom …', async () => {
    const s = server(DEFAULTS.filter((c) => c.Name !== 'Relay' && c.Name !== 'Default Frontend EX01'));
    const ran = fine(
      await s.run(
        'New-ReceiveConnector -Name "Relay" -TransportRole FrontendTransport -Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 192.168.5.10,192.168.5.11 -PermissionGroups AnonymousUsers',
      ),
    );
    expect(objects(ran)[0]?.Identity).toBe('EX\\Relay');
    expect(s.stored('Relay')).toMatchObject({
      Bindings: ['0.0.0.0:25'],
      RemoteIPRanges: ['192.168.5.10', '192.168.5.11'],
      PermissionGroups: 'AnonymousUsers',
    });
  });

  test('Get-ReceiveConnector "Relay" | Add-ADPermission -User \'NT AUTHORITY\\Anonymous Logon\' -ExtendedRights MS-Exch-SMTP-Accept-Any-Recipient', async () => {
    const s = server();
    const ran = await s.run(
      'Get-ReceiveConnector "Relay" | Add-ADPermission -User \'NT AUTHORITY\\Anonymous Logon\' -ExtendedRights MS-Exch-SMTP-Accept-Any-Recipient',
    );
    expect(ran.code).toBe(0);
    const [grant] = s.stored('Relay')!.Grants as Stored[];
    expect(String(grant!.User).toLowerCase()).toBe('nt authority\\anonymous logon');
    expect((grant!.ExtendedRights as string[]).map((r) => r.toLowerCase())).toEqual([
      'ms-exch-smtp-accept-any-recipient',
    ]);
  });

  test('$rc = Get-ReceiveConnector "Relay"; $rc.RemoteIPRanges += "192.168.5.12"; Set-ReceiveConnector …', async () => {
    const s = server();
    fine(
      await s.run(
        '$rc = Get-ReceiveConnector "Relay"; $rc.RemoteIPRanges += "192.168.5.12"; Set-ReceiveConnector "Relay" -RemoteIPRanges $rc.RemoteIPRanges',
      ),
    );
    expect(s.stored('Relay')?.RemoteIPRanges).toEqual(['192.168.5.10', '192.168.5.11', '192.168.5.12']);
  });

  test('New-ReceiveConnector "WWB-Relay" -Bindings 0.0.0.0:26 -RemoteIPRanges (Get-ReceiveConnector "Relay").RemoteIPRanges', async () => {
    const s = server();
    fine(
      await s.run(
        'New-ReceiveConnector "WWB-Relay" -Bindings 0.0.0.0:27 -RemoteIPRanges (Get-ReceiveConnector "Relay").RemoteIPRanges'.replace(
          ':27',
          ':26',
        ),
      ),
    );
    expect(s.stored('WWB-Relay')).toMatchObject({
      Bindings: ['0.0.0.0:26'],
      RemoteIPRanges: ['192.168.5.10', '192.168.5.11'],
    });
  });

  test('Get-ADPermission -Identity "Default Mailbox01" -User "NT AUTHORITY\\Authenticated Users" | where {…} | Format-Table User,ExtendedRights', async () => {
    const { stdout } = fine(
      await server().run(
        'Get-ADPermission -Identity "Default Mailbox01" -User "NT AUTHORITY\\Authenticated Users" | where {($_.Deny -eq $false) -and ($_.IsInherited -eq $false)} | Format-Table User,ExtendedRights',
      ),
    );
    expect(stdout).toMatch(/^\nUser +ExtendedRights *\n/);
    expect(stdout).toMatch(/NT AUTHORITY\\Authenticated Users +\{ms-Exch-SMTP-Submit/i);
  });
});

describe('lines of the same kind', () => {
  const unlisted: readonly (readonly [string, (s: Server, ran: Ran) => void])[] = [
    [
      'Get-ReceiveConnector | ? Name -like \'*EX01\' | % { Set-ReceiveConnector $_.Identity -Banner "220 $($_.Fqdn) ready" }',
      (s) => {
        expect(s.stored('Frontend EX01')?.Banner).toBe('220 ex.contoso.com ready');
        expect(s.stored('Client Frontend EX01')?.Banner).toBe('220 ex.contoso.com ready');
        expect(s.stored('Relay')?.Banner).toBeUndefined();
        expect(s.generation()).toBe(2);
      },
    ],
    [
      'foreach ($c in Get-ReceiveConnector) { if ($c.MaxInboundConnectionPerSource -lt 50) { Set-ReceiveConnector $c.Identity -MaxInboundConnectionPerSource ($c.MaxInboundConnectionPerSource * 2) } }',
      (s) => {
        expect(s.stored('Relay')?.MaxInboundConnectionPerSource).toBe(40);
        expect(s.stored('Default EX')?.MaxInboundConnectionPerSource).toBe('Unlimited');
        expect(s.generation()).toBe(2);
      },
    ],
    [
      '$ips = "10.0.0.1","10.0.0.2"; foreach ($ip in $ips) { Set-ReceiveConnector Relay -RemoteIPRanges @{Add=$ip} }',
      (s) =>
        expect(s.stored('Relay')?.RemoteIPRanges).toEqual(['192.168.5.10', '192.168.5.11', '10.0.0.1', '10.0.0.2']),
    ],
    [
      '$RecvConn = Get-ReceiveConnector "Relay"\n$RecvConn.RemoteIPRanges.Add("192.168.9.0/24")\n[void]$RecvConn.RemoteIPRanges.Remove("192.168.5.10")\nSet-ReceiveConnector "Relay" -RemoteIPRanges $RecvConn.RemoteIPRanges',
      (s) => expect(s.stored('Relay')?.RemoteIPRanges).toEqual(['192.168.5.11', '192.168.9.0/24']),
    ],
    [
      '$l = (Get-ReceiveConnector Relay).RemoteIPRanges; $l += "10.7.7.7"; Set-ReceiveConnector Relay -RemoteIPRanges $l',
      (s) => expect(s.stored('Relay')?.RemoteIPRanges).toEqual(['192.168.5.10', '192.168.5.11', '10.7.7.7']),
    ],
    [
      '$params = @{ Name = "Scanner"; Bindings = "127.0.0.1:2599"; RemoteIPRanges = "10.2.0.0/16", "10.3.0.1-10.3.0.9"; PermissionGroups = "AnonymousUsers"; Custom = $true }\nNew-ReceiveConnector @params | Select-Object -ExpandProperty Name',
      (s, ran) => {
        expect(ran.stdout).toBe('Scanner\n');
        expect(s.stored('Scanner')?.RemoteIPRanges).toEqual(['10.2.0.0/16', '10.3.0.1-10.3.0.9']);
      },
    ],
    [
      "Get-ReceiveConnector | Select-Object Name, @{n='MB';e={$_.MaxMessageSize.ToMB()}}, @{Name='Port';Expression={$_.Bindings[0].Port}} | Where-Object { $_.Port -lt 100 } | Sort-Object Name -Descending",
      (_, ran) =>
        expect(objects(ran)).toEqual([
          { Name: 'Relay', MB: 36, Port: 26 },
          { Name: 'Default Frontend EX01', MB: 36, Port: 25 },
        ]),
    ],
    [
      'Get-ReceiveConnector | Group-Object ProtocolLoggingLevel | Select-Object Name, Count',
      (_, ran) =>
        expect(objects(ran)).toEqual(
          expect.arrayContaining([
            { Name: 'Verbose', Count: 1 },
            { Name: 'None', Count: 6 },
          ]),
        ),
    ],
    [
      "(Get-ReceiveConnector | Where-Object { $_.PermissionGroups -match 'Anonymous' }).Count",
      (_, ran) => expect(ran.stdout).toBe('2\n'),
    ],
    [
      "Get-ReceiveConnector | Where-Object { $_.PermissionGroups -match 'Anonymous' -and $_.RemoteIPRanges -contains '0.0.0.0-255.255.255.255' } | ForEach-Object { Write-Output ('{0,-24}|{1}' -f $_.Name, $_.Enabled) }",
      (_, ran) => expect(ran.stdout).toBe('Default Frontend EX01   |True\n'),
    ],
    [
      "if ((Get-ReceiveConnector 'Relay').RemoteIPRanges -contains '192.168.5.10') { 'there' } else { 'missing' }",
      (_, ran) => expect(ran.stdout).toBe('there\n'),
    ],
    [
      "$old = Get-ReceiveConnector 'Relay'; $new = New-ReceiveConnector 'Relay 2' -Bindings 127.0.0.1:2600 -RemoteIPRanges $old.RemoteIPRanges -PermissionGroups $old.PermissionGroups -MaxMessageSize $old.MaxMessageSize; \"$($new.Name) has $($new.RemoteIPRanges.Count) ranges\"",
      (s, ran) => {
        expect(ran.stdout).toBe('Relay 2 has 2 ranges\n');
        expect(s.stored('Relay 2')?.PermissionGroups).toBe('AnonymousUsers');
      },
    ],
    [
      'Get-ReceiveConnector | Sort-Object MaxMessageSize, Name | Select-Object -First 1 -ExpandProperty Name',
      (_, ran) => expect(ran.stdout).toBe('Client Frontend EX01\n'),
    ],
    ['(Get-ReceiveConnector "Client*").MaxMessageSize.Value.ToMB()', (_, ran) => expect(ran.stdout).toBe('36\n')],
    [
      'Get-ReceiveConnector | Where-Object {$_.MessageRateLimit -eq "Unlimited"} | Measure-Object | Select-Object -ExpandProperty Count',
      (_, ran) => expect(ran.stdout).toBe('6\n'),
    ],
    [
      "Get-ReceiveConnector 'Relay' | Format-List Name, Bindings > report.txt",
      (s, ran) => {
        expect(ran.stdout).toBe('');
        expect(readFileSync(join(s.home, 'report.txt'), 'utf8')).toContain('Name     : Relay');
      },
    ],
    [
      'Get-ReceiveConnector | Out-Null; New-ReceiveConnector T -Bindings 127.0.0.1:2601 -RemoteIPRanges 10.0.0.1 > $null; "done"',
      (s, ran) => {
        expect(ran.stdout).toBe('done\n');
        expect(s.stored('T')).toBeDefined();
      },
    ],
    [
      'Get-ReceiveConnector | ForEach-Object {\n  # every line\n  $name = $_.Name -replace "EX01", "EX02"\n  if ($name -ne $_.Name) {\n    Set-ReceiveConnector $_.Identity -Comment "was $($_.Name)"\n  }\n}',
      (s) => {
        expect(s.stored('Frontend EX01')?.Comment).toBe('was Frontend EX01');
        expect(s.stored('Relay')?.Comment).toBeUndefined();
      },
    ],
    [
      "$ranges = @'\n10.20.0.0/24\n10.21.0.0/24\n'@ -split '\\r?\\n'\nSet-ReceiveConnector Relay -RemoteIPRanges $ranges",
      (s) => expect(s.stored('Relay')?.RemoteIPRanges).toEqual(['10.20.0.0/24', '10.21.0.0/24']),
    ],
    [
      'Set-ReceiveConnector Relay -Name:"Relay old" -Enabled:$false -Comment 007',
      (s) => expect(s.stored('Relay old')).toMatchObject({ Enabled: false, Comment: '007' }),
    ],
    [
      'Get-ReceiveConnector ‘Relay’ | Set-ReceiveConnector –Comment “from a web page”',
      (s) => expect(s.stored('Relay')?.Comment).toBe('from a web page'),
    ],
    [
      'Get-ReceiveConnector | Where Enabled -eq $false | Set-ReceiveConnector -Enabled $true -Confirm:$false',
      (s) => expect(s.stored('Frontend EX01')?.Enabled).not.toBe(false),
    ],
    [
      "Get-ReceiveConnector -Server EX | ?{$_.Name -notmatch '^Default|^Client'} | %{$_.Name}",
      (_, ran) => expect(ran.stdout).toBe('Frontend EX01\nRelay\n'),
    ],
    [
      "'Relay','Frontend EX01' | Get-ReceiveConnector | Select -Expand Name",
      (_, ran) => expect(ran.stdout).toBe('Relay\nFrontend EX01\n'),
    ],
    [
      "'Relay','Frontend EX01' | ForEach-Object { Set-ReceiveConnector -Identity $_ -MaxHopCount 30 }",
      (s) => {
        expect(s.stored('Relay')?.MaxHopCount).toBe(30);
        expect(s.stored('Frontend EX01')?.MaxHopCount).toBe(30);
      },
    ],
    [
      "Remove-ReceiveConnector 'Relay' -Confirm:$false; (Get-ReceiveConnector).Count",
      (s, ran) => {
        expect(s.stored('Relay')).toBeUndefined();
        expect(ran.stdout).toBe('6\n');
      },
    ],
    [
      '$before = Get-ReceiveConnector | Select Name, MaxHopCount; Set-ReceiveConnector Relay -MaxHopCount 44; $after = Get-ReceiveConnector | Select Name, MaxHopCount; Compare-Object $before $after -Property Name, MaxHopCount | Sort-Object MaxHopCount | % { "$($_.SideIndicator) $($_.Name) $($_.MaxHopCount)" }',
      (_, ran) => expect(ran.stdout).toBe('=> Relay 44\n<= Relay 60\n'),
    ],
    [
      'Get-ReceiveConnector | Export-Clixml all.xml; Import-Clixml all.xml | Where-Object { $_.MaxMessageSize -gt 30MB } | Measure-Object | % Count',
      (s, ran) => {
        expect(ran.stdout).toBe('7\n');
        expect(existsSync(join(s.home, 'all.xml'))).toBe(true);
      },
    ],
    [
      'Get-ReceiveConnector Relay | ConvertTo-Json | ConvertFrom-Json | % { $_.RemoteIPRanges.Count }',
      (_, ran) => expect(ran.stdout).toBe('2\n'),
    ],
    [
      'Get-ReceiveConnector Relay -Verbose | Set-ReceiveConnector -MaxHopCount 9 -Verbose -ErrorAction Stop -PassThru | % MaxHopCount',
      (_, ran) => expect(ran.stdout).toBe('9\n'),
    ],
    // written for the Exchange Management Shell: Windows' paths, and values that are text in a remote session
    [
      '(Get-ReceiveConnector Relay).RemoteIPRanges | Select Expression | Export-Csv .\\ips.csv; Import-Csv .\\ips.csv | % Expression; Get-ReceiveConnector > ./sub/../all.txt; (Get-Content .\\all.txt).Count -gt 7',
      (s, ran) => {
        expect(ran.stdout).toBe('192.168.5.10\n192.168.5.11\ntrue\n');
        expect(existsSync(join(s.home, 'ips.csv'))).toBe(true);
      },
    ],
    [
      'Get-ReceiveConnector Relay | % { $_.MaxMessageSize.Split("(")[1].Split(" ")[0].Replace(",",""); $_.Bindings.Split(":")[1]; $_.AuthMechanism.Contains("Tls") }',
      (_, ran) => expect(ran.stdout).toBe('37748736\n26\ntrue\n'),
    ],
    [
      "'Name,Bindings,RemoteIPRanges','App,127.0.0.1:2602,\"10.9.0.2,10.9.0.3\"' | Out-File new.csv; Import-Csv new.csv | % { New-ReceiveConnector -Name $_.Name -Server EX -Usage Custom -Bindings $_.Bindings -RemoteIPRanges $_.RemoteIPRanges.Split(',') } | Out-Null",
      (s) => expect(s.stored('App')?.RemoteIPRanges).toEqual(['10.9.0.2', '10.9.0.3']),
    ],
    [
      '(Get-ReceiveConnector Relay).RemoteIPRanges | where LowerBound -like "*.11" | select lowerbound,RangeFormat | ConvertTo-Json -Compress',
      (_, ran) => expect(ran.stdout).toBe('{"LowerBound":"192.168.5.11","RangeFormat":"SingleAddress"}\n'),
    ],
    [
      "Get-TransportService | Get-ReceiveConnector | where Name -like 'Default E*' | % Name",
      (_, ran) => expect(ran.stdout).toBe('Default EX\nDefault EXCH\n'),
    ],
    [
      "'192.168.5.11','10.1.0.0/16','  ' | Out-File ips.txt; Compare-Object (Get-ReceiveConnector Relay).RemoteIPRanges (Get-Content ips.txt | where { $_.Trim() }) -IncludeEqual | % { \"$($_.SideIndicator) $($_.InputObject)\" }",
      (_, ran) => expect(ran.stdout).toBe('== 192.168.5.11\n=> 10.1.0.0/16\n<= 192.168.5.10\n'),
    ],
    [
      "$was = [pscustomobject]@{Name='Relay'; MaxMessageSize='36MB'; ConnectionTimeout='0:10:00'; RemoteIPRanges='192.168.5.10','192.168.5.11'; AuthMechanism='tls'}; Compare-Object $was (Get-ReceiveConnector Relay) -Property Name,MaxMessageSize,ConnectionTimeout,RemoteIPRanges,AuthMechanism; 'same'",
      (_, ran) => expect(ran.stdout).toBe('same\n'),
    ],
    [
      "$rc = Get-ReceiveConnector 'Default Frontend EX01'; Set-ReceiveConnector $rc.Identity -PermissionGroups ($rc.PermissionGroups, 'Partners'); Set-ReceiveConnector Relay -PermissionGroups 'AnonymousUsers, ExchangeUsers','ExchangeServers'",
      (s) => {
        expect(s.stored('Default Frontend EX01')?.PermissionGroups).toBe('AnonymousUsers, ExchangeServers, Partners');
        expect(s.stored('Relay')?.PermissionGroups).toBe('AnonymousUsers, ExchangeUsers, ExchangeServers');
      },
    ],
    ['("a b","c d").Split(" ").Count', (_, ran) => expect(ran.stdout).toBe('4\n')],
  ];

  test.each(unlisted)('%s', async (text, check) => {
    const s = server();
    const ran = await s.run(text);
    expect({ code: ran.code, stderr: ran.stderr.replace(/^VERBOSE: .*\n/gm, '') }).toEqual({ code: 0, stderr: '' });
    check(s, ran);
  });

  test('Write-Host -NoNewline leaves the line open', async () => {
    const ran = await server().run('Write-Host -NoNewline "Checking Relay "; Write-Host "ok"; Write-Host "a`tb" c');
    expect(ran).toMatchObject({ code: 0, stdout: '', stderr: 'Checking Relay ok\na\tb c\n' });
  });

  test('a drive or a server that is not there is refused, and nothing is written', async () => {
    const s = server();
    const drive = await s.run('Get-ReceiveConnector | Export-Csv C:\\temp\\all.csv');
    expect({ code: drive.code, stderr: drive.stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining("A drive with the name 'C' does not exist."),
    });
    expect(readdirSync(s.home).filter((name) => /[\\:]/.test(name))).toEqual([]);
    const other = await s.run('New-ReceiveConnector X -Server EX09 -Bindings 127.0.0.1:2602 -RemoteIPRanges 10.0.0.1');
    expect({ code: other.code, stderr: other.stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining("object 'EX09' couldn't be found on 'EX'"),
    });
    expect(s.stored('X')).toBeUndefined();
  });

  test('piped into: $input holds the objects, $args the arguments', async () => {
    const s = server();
    const listed = await rc(['get', 'Relay'], { home: s.home });
    const ran = fine(
      await s.run(
        '$input | Set-ReceiveConnector -MaxHopCount $args[0] -PassThru | % { "$($_.Name) $($_.MaxHopCount)" }',
        { input: listed.stdout, args: ['21'] },
      ),
    );
    expect(ran.stdout).toBe('Relay 21\n');
  });
});
