$rows = foreach ($c in Get-ReceiveConnector) {
    [pscustomobject]@{
        Name    = $c.Name
        Ports   = ($c.Bindings | ForEach-Object { $_.Port }) -join ';'
        Remote  = $c.RemoteIPRanges.Count
        Limited = if ($c.MessageRateLimit -eq 'Unlimited') { 'no' } else { 'yes' }
    }
}
$rows | Export-Csv report.csv -NoTypeInformation -Delimiter ';' -Encoding UTF8
Get-Content report.csv
Import-Csv report.csv -Delimiter ';' | Where-Object { [int]$_.Remote -gt 1 } | ForEach-Object { "$($_.Name) has $($_.Remote)" }
