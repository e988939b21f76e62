# args: 192.168.5.10 10.60.0.0/24
foreach ($ip in $args) {
    $relay = Get-ReceiveConnector Relay
    if ("$($relay.RemoteIPRanges)" -like "*$ip*") { Write-Host "$ip is there" -ForegroundColor Yellow; continue }
    Set-ReceiveConnector Relay -RemoteIPRanges ($relay.RemoteIPRanges + $ip)
    Write-Host "$ip added" -ForegroundColor Green
}
(Get-ReceiveConnector Relay).RemoteIPRanges -join ', '
