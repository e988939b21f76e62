# Writes a report and opens it
$report = Join-Path $env:TEMP 'nowhere-at-all' 'connectors.csv'
Split-Path $report -Leaf
Get-ReceiveConnector | Select-Object Name, Enabled | Export-Csv connectors.csv -NoTypeInformation
Get-Content ((Get-Location).Path + '\connectors.csv')
Test-Path "$PWD\connectors.csv"
$PWD.Path -eq (Get-Location).Path
Notepad connectors.csv
Invoke-Item $PWD\logs # the folder of logs
IISReset /noforce
Restart-WebAppPool MSExchangeOWAAppPool
