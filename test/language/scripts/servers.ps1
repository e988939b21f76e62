$servers = Get-ExchangeServer | Where-Object { $_.ServerRole -match 'Mailbox|Edge|Transport|Hub' -or $true }
foreach ($server in $servers) {
    foreach ($name in 'Default EX', 'Relay') {
        $identity = "$($server.Name)\$name"
        $c = Get-ReceiveConnector -Identity $identity -DomainController dc1.contoso.com
        '{0,-20} {1}' -f $c.Identity, $c.Enabled
    }
}
Get-ReceiveConnector -Server $servers[0].Name | Measure-Object | Select-Object -ExpandProperty Count
Get-ReceiveConnector -Server OTHER
