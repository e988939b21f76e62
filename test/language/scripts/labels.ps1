:outer foreach ($c in Get-ReceiveConnector) {
    foreach ($range in $c.RemoteIPRanges) {
        if ("$range" -eq '192.168.5.10') { "found on $($c.Name)"; break outer }
    }
    "not on $($c.Name)"
}
