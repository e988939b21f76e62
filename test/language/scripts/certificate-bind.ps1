# Binds the newest certificate of a name to connectors, as after a renewal.
New-ExchangeCertificate -SubjectName 'CN=mail.contoso.com' -DomainName mail.contoso.com -Force | Out-Null
$cert = Get-ExchangeCertificate |
    Where-Object { $_.Subject -like '*mail.contoso.com*' -and $_.NotAfter -gt (Get-Date) } |
    Sort-Object NotAfter -Descending |
    Select-Object -First 1
if (-not $cert) { throw 'No certificate' }
$tlsCertName = "<I>$($cert.Issuer)<S>$($cert.Subject)"
$targets = 'Default*', 'Client*'
foreach ($target in $targets) {
    Get-ReceiveConnector $target | Set-ReceiveConnector -TlsCertificateName $tlsCertName -Fqdn mail.contoso.com
}
Get-ReceiveConnector | Where-Object { $_.TlsCertificateName } | ForEach-Object {
    '{0,-12} {1}' -f $_.Name, $_.TlsCertificateName
}
$days = ($cert.NotAfter - (Get-Date)).Days
if ($days -lt 30) { Write-Warning "expires in $days days" } else { 'valid for more than 30 days' }
