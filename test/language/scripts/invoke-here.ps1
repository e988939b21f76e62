# Invoke-Command on this machine, and in a session that stands for it
$session = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri http://ex01/PowerShell/ -Authentication Kerberos
Invoke-Command -Session $session -ScriptBlock { Get-ReceiveConnector Relay | ForEach-Object Name } -ErrorAction Stop
foreach ($server in Get-ExchangeServer) { Write-Host $server.Fqdn; icm { Get-ReceiveConnector -Server $server.Name | ForEach-Object Name } }
Invoke-Command { param($name, $hops) Set-ReceiveConnector $name -MaxHopCount $hops } -ArgumentList Relay, 42
1..3 | Invoke-Command { $input | Measure-Object -Sum | ForEach-Object Sum }
(Get-ReceiveConnector Relay).MaxHopCount
