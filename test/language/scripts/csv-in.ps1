# Addresses from a CSV, one connector a row.
@'
Name,Port,Ips
App1,2701,10.0.1.1;10.0.1.2
App2,2702,10.0.2.1
App1,2703,10.0.3.1
'@ | Out-File connectors.csv
$created = 0
foreach ($row in Import-Csv connectors.csv) {
    $existing = Get-ReceiveConnector | Where-Object { $_.Name -eq $row.Name }
    if ($null -ne $existing) {
        Write-Host "$($row.Name) is there already"
        continue
    }
    $null = New-ReceiveConnector -Name $row.Name -Custom -TransportRole Frontend -Bindings "0.0.0.0:$($row.Port)" -RemoteIPRanges ($row.Ips -split ';') -PermissionGroups AnonymousUsers
    $created++
}
"$created created"
Get-ReceiveConnector App* | ForEach-Object { "$($_.Name): $($_.RemoteIPRanges -join ', ')" }
