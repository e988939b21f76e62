$cert = Get-ExchangeCertificate | Where-Object { $_.Services -match 'SMTP' } | Select-Object -First 1
if (-not $cert) { Write-Warning 'No certificate for SMTP.' }
else { Set-ReceiveConnector 'Client EX' -TlsCertificateName "<I>$($cert.Issuer)<S>$($cert.Subject)" }
$name = (Get-ReceiveConnector 'Client EX').TlsCertificateName
if ($null -eq $name -or $name -eq '') { 'none set' } else { "set: $name" }
