# Functions in a file of their own, and a script with parameters that is called.
@'
function Get-Limit { param($Name) (Get-ReceiveConnector $Name).MaxHopCount }
$SharedLimit = 25
'@ | Set-Content .\functions.ps1
@'
param([string]$Name = 'Relay', [switch]$Raise)
if ($Raise) { Set-ReceiveConnector $Name -MaxHopCount $SharedLimit }
Get-Limit $Name
'@ | Set-Content .\limit.ps1
. .\functions.ps1
& .\limit.ps1
.\limit.ps1 -Name Relay -Raise
$script = '.\limit.ps1'
& $script 'Client EX'
Set-Alias limit Get-Limit
limit 'Default EX'
Get-Command Get-Limit | Select-Object -ExpandProperty CommandType
