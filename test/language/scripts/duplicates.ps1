# Which addresses may use more than one connector?
$seen = @{}
Set-ReceiveConnector 'Client EX' -RemoteIPRanges 192.168.5.10, 10.0.0.0/8
:connectors foreach ($c in Get-ReceiveConnector) {
    foreach ($range in $c.RemoteIPRanges) {
        $key = "$range"
        if ($key -like '0.0.0.0-*') { continue connectors }
        if (-not $seen.ContainsKey($key)) { $seen[$key] = [System.Collections.ArrayList]@() }
        [void]$seen[$key].Add($c.Name)
    }
}
$seen.GetEnumerator() | Where-Object { $_.Value.Count -gt 1 } | ForEach-Object { "$($_.Key): $($_.Value -join ', ')" }
