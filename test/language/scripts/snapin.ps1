if (!(Get-PSSnapin Microsoft.Exchange.Management.PowerShell.SnapIn -ErrorAction SilentlyContinue)) {
    Add-PSSnapin Microsoft.Exchange.Management.PowerShell.SnapIn
}
Set-ADServerSettings -ViewEntireForest $true
$s = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri http://ex/PowerShell/ -Authentication Kerberos
Import-PSSession $s -DisableNameChecking -AllowClobber | Out-Null
Get-ReceiveConnector | Select-Object -ExpandProperty Name
Remove-PSSession $s
Restart-Service MSExchangeFrontEndTransport
