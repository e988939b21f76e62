# Wanted settings in JSON, made so where they differ.
$json = @'
{
  "defaults": { "MaxHopCount": 30 },
  "connectors": [
    { "Name": "Relay", "MaxRecipientsPerMessage": 50, "RemoteIPRanges": ["192.168.5.10", "192.168.5.99"] },
    { "Name": "Default EX", "Enabled": true }
  ]
}
'@
$wanted = $json | ConvertFrom-Json
foreach ($item in $wanted.connectors) {
    $now = Get-ReceiveConnector $item.Name
    foreach ($property in $item.PSObject.Properties | Where-Object Name -ne 'Name') {
        $is = @($now.($property.Name) | ForEach-Object { "$_" })
        $should = @($property.Value | ForEach-Object { "$_" })
        if (Compare-Object $is $should) {
            "$($item.Name).$($property.Name): $($is -join ',') -> $($should -join ',')"
            $change = @{ $property.Name = $property.Value }
            Set-ReceiveConnector $item.Name @change
        }
    }
}
$wanted.defaults | ConvertTo-Json -Compress
Get-ReceiveConnector Relay | Select-Object Name, MaxRecipientsPerMessage, @{ n = 'IPs'; e = { @($_.RemoteIPRanges | % { "$_" }) } } | ConvertTo-Json
