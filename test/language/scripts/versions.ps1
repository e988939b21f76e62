# Versions compare as numbers; scripts sort addresses with them and look whether a server is new enough.
[version]'15.2.1118.7' -ge [version]'15.2'
'10.0.0.20', '10.0.0.3' | Sort-Object { [version]$_ }
([version]'1.2').Build
[version]::new(1, 2, 3).ToString()
try { [version]'1' } catch { $_.Exception.Message }
$server = Get-ExchangeServer
"$($server.AdminDisplayVersion)"
$server.AdminDisplayVersion.Major
$range = [Microsoft.Exchange.Data.IPRange]::Parse('10.0.0.0/24')
"$($range.LowerBound) to $($range.UpperBound)"
if ([version]'10.0.0.5' -ge [version]"$($range.LowerBound)") { 'within' }
$bytes = ([ipaddress]'10.1.2.3').GetAddressBytes()
[array]::Reverse($bytes)
[BitConverter]::ToUInt32($bytes, 0)
([ipaddress]'1.2.3.4').Address
"$([ipaddress]67305985)"
$sid = New-Object System.Security.Principal.SecurityIdentifier 'S-1-5-7'
$sid.Translate([System.Security.Principal.NTAccount]).Value
(Get-ReceiveConnector Relay).MaxMessageSize + ' at most'
