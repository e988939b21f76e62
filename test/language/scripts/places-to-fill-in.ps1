# A guide, taken as it stands
$cert = Get-ExchangeCertificate <thumbprint from above>
Set-ReceiveConnector "EX\Client EX" -Fqdn <FQDN> -TlsCertificateName "<I>$($cert.Issuer)<S>$($cert.Subject)"
Set-SendConnector Internet -Fqdn <FQDN>
[System.Windows.Forms.MessageBox]::Show('Done')
$null = [Reflection.Assembly]::LoadWithPartialName('System.Windows.Forms')
[Net.Dns]::GetHostEntry('ex01').HostName
[IO.Compression.ZipFile]::CreateFromDirectory('logs', 'logs.zip')
Import-PfxCertificate -FilePath mail.pfx
Get-Content x | Invoke-Command -ComputerName EX02 -ScriptBlock { 1 }
Mount-Database DB1
Add-DatabaseAvailabilityGroupServer DAG1 -MailboxServer EX02
