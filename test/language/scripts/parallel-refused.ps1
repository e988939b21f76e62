# What PowerShell 7 has beyond, and this language has not: everything is named at once.
Get-ReceiveConnector | ForEach-Object -Parallel { $_.Name } -ThrottleLimit 4
$job = Start-Job { Get-ReceiveConnector }
Invoke-Command -ComputerName EX02 -ScriptBlock { Get-ReceiveConnector }
$PSDefaultParameterValues['Set-ReceiveConnector:WhatIf'] = $true
class Relay { [string]$Name }
$env:Path = 'x'
Set-Location x
