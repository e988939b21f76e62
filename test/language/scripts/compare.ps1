$a = Get-ReceiveConnector 'Default EX'
$b = Get-ReceiveConnector 'Client EX'
foreach ($p in 'MaxHopCount', 'MessageRateLimit', 'PermissionGroups') {
    if ("$($a.$p)" -ne "$($b.$p)") { '{0}: {1} | {2}' -f $p, $a.$p, $b.$p }
}
Compare-Object @('10.0.0.1', '10.0.0.2') @('10.0.0.2', '10.0.0.3') | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" }
