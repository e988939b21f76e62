# Looks at the names of types before it takes a file of objects for connectors.
Get-ReceiveConnector Relay | Export-Clixml connectors.xml
$read = Import-Clixml connectors.xml
foreach ($objects in $read, (Get-ReceiveConnector Relay), ($read | Select-Object Name)) {
    $type = ($objects | Get-Member)[0] | Select-Object -ExpandProperty TypeName
    if ($type -like '*Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector') { "a connector: $type" }
    else { "no connector: $type" }
}
(Get-ReceiveConnector Relay).RemoteIPRanges | Select-Object -First 1 | Get-Member -MemberType Property | ForEach-Object Name
(Get-ReceiveConnector Relay).RemoteIPRanges | Select-Object -First 1 | ConvertTo-Csv -NoTypeInformation
