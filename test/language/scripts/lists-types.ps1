$found = New-Object System.Collections.Generic.List[string]
$seen = @{}
foreach ($c in Get-ReceiveConnector) {
    foreach ($range in $c.RemoteIPRanges) {
        $ip = $null
        if ([ipaddress]::TryParse("$range", [ref]$ip)) { $found.Add("$range") }
        $seen["$range"] = 1 + $seen["$range"]
    }
}
$found.ToArray() -join ' '
$seen.GetEnumerator() | Sort-Object Name | ForEach-Object { "$($_.Key) x$($_.Value)" }
[math]::Round(10 / 3, 2)
[string]::IsNullOrEmpty($null)
