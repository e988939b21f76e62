Get-ReceiveConnector Gone 2>$null
$said = Get-ReceiveConnector Gone 2>&1
"it said: $said"
& { Get-ReceiveConnector Relay | Select-Object -ExpandProperty Name; Write-Warning 'careful' } *> run.log
Get-Content run.log
Get-ReceiveConnector Gone -ErrorAction SilentlyContinue -ErrorVariable trouble
"$($trouble.Count) error"
