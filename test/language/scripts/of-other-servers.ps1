# What is of Active Directory, of the cloud, of the machine: each is named at once, with what there is instead.
Import-Module ActiveDirectory
$dc = (Get-ADDomainController -Discover).HostName
([ADSI]'LDAP://RootDSE').configurationNamingContext
Install-Module ImportExcel -Scope CurrentUser
Get-ReceiveConnector | Export-Excel connectors.xlsx
Connect-ExchangeOnline -UserPrincipalName admin@contoso.com
Set-TransportConfig -MaxReceiveSize 50MB
New-TransportRule 'Footer'
Set-OwaVirtualDirectory 'EX\owa'
Disable-ReceiveConnector Relay
New-NetFirewallRule -DisplayName SMTP -LocalPort 25
notepad report.txt
