# answers: Relay|10.50.0.1|n
$name = Read-Host 'Connector'
$ip = Read-Host 'Address to add'
if ((Get-ReceiveConnector $name).RemoteIPRanges -contains $ip) { 'already there'; return }
$sure = Read-Host 'Sure (y/n)'
if ($sure -ne 'y') { Write-Warning 'Nothing done.'; exit 3 }
Set-ReceiveConnector $name -RemoteIPRanges @{Add = $ip}
