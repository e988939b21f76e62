# Keeps the old values and puts them back when something fails.
$saved = @{}
Get-ReceiveConnector | ForEach-Object { $saved[$_.Name] = $_.MaxHopCount }
try {
    foreach ($name in $saved.Keys) { Set-ReceiveConnector $name -MaxHopCount 20 }
    throw 'The check afterwards failed'
}
catch {
    Write-Warning $_.Exception.Message
    foreach ($entry in $saved.GetEnumerator()) { Set-ReceiveConnector $entry.Key -MaxHopCount $entry.Value }
}
Get-ReceiveConnector | ForEach-Object { "$($_.Name) $($_.MaxHopCount)" }
