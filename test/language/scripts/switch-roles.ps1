foreach ($c in Get-ReceiveConnector) {
    switch -Wildcard ($c.Name) {
        'Default*' { $use = 'mail from outside'; break }
        'Client*'  { $use = 'people with a mail program'; break }
        default    { $use = 'devices' }
    }
    Write-Host ("{0,-12} {1}" -f $c.Name, $use) -ForegroundColor Cyan
}
switch -Regex ('10.1.2.3', 'ten', '::1') {
    '^\d+(\.\d+){3}$' { "$_ is IPv4"; continue }
    ':'               { "$_ is IPv6"; continue }
    default           { "$_ is no address" }
}
