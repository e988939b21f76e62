Get-ReceiveConnector Relay | Export-Clixml relay.xml
Set-ReceiveConnector Relay -RemoteIPRanges 10.0.0.1 -MaxHopCount 9
$old = Import-Clixml relay.xml
Set-ReceiveConnector $old.Name -RemoteIPRanges $old.RemoteIPRanges -MaxHopCount $old.MaxHopCount
Get-ReceiveConnector Relay | ForEach-Object { "$($_.RemoteIPRanges) $($_.MaxHopCount)" }
