$all = Get-ReceiveConnector
$all | Group-Object TransportRole -NoElement | ForEach-Object { "$($_.Count) $($_.Name)" }
$all | Measure-Object MaxHopCount -Maximum -Minimum | ForEach-Object { "hops $($_.Minimum) to $($_.Maximum)" }
$all | Sort-Object { $_.RemoteIPRanges.Count } -Descending | Select-Object -First 1 -ExpandProperty Name
$all | Where-Object { $_.MaxMessageSize -gt 10MB } | ForEach-Object { '{0}: {1:N1} MB' -f $_.Name, $_.MaxMessageSize.ToMB() }
