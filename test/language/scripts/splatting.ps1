$common = @{
    PermissionGroups = 'AnonymousUsers'
    RemoteIPRanges   = '10.20.0.0/16', '10.30.1.5'
}
$settings = @{ Name = 'Scanners'; Bindings = '0.0.0.0:2530'; Usage = 'Custom' }
New-ReceiveConnector @settings @common -TransportRole FrontendTransport | Out-Null
$c = Get-ReceiveConnector Scanners
"$($c.Name): $($c.RemoteIPRanges -join ' + ')"
