# args: -Path report.csv
param([string]$Path = 'all.csv')
$report = Get-ReceiveConnector | Select-Object Name, Enabled, @{ n = 'Ports'; e = { ($_.Bindings | ForEach-Object { $_.Port }) -join ' ' } }, @{ n = 'Anonymous'; e = { $_.PermissionGroups -match 'AnonymousUsers' } }
$report | Export-Csv -Path $Path -NoTypeInformation
Get-Content $Path
if (Test-Path $Path) { "$Path is written" }
Remove-Item $Path -Confirm:$false
