$limit = New-TimeSpan -Minutes 5
Get-ReceiveConnector | Where-Object { $_.ConnectionTimeout -gt $limit } | ForEach-Object { "$($_.Name) waits $($_.ConnectionTimeout.TotalMinutes) min" }
Set-ReceiveConnector Relay -ConnectionTimeout $limit -ConnectionInactivityTimeout 00:02:00
$r = Get-ReceiveConnector Relay
"$($r.ConnectionTimeout) $($r.ConnectionInactivityTimeout)"
