# Adds the addresses of a CSV to the relay connector, skipping what is there or wrong.
@'
IPAddress,Description,Owner
192.168.5.12,Scanner 2nd floor,Facility
192.168.5.10,Already there,Facility
not-an-ip,Typo,IT
10.20.0.0/24,VLAN 20,IT
'@ | Set-Content .\ips.csv
$csv = Import-Csv -Path .\ips.csv
$connector = Get-ReceiveConnector 'Relay'
$ranges = [System.Collections.Generic.List[string]]::new()
$connector.RemoteIPRanges | ForEach-Object { $ranges.Add("$_") }
$result = foreach ($row in $csv) {
    $status = $null
    $address = ($row.IPAddress -split '/')[0]
    [ipaddress]$parsed = $null
    if (-not [ipaddress]::TryParse($address, [ref]$parsed)) { $status = 'Invalid' }
    elseif ($ranges -contains $row.IPAddress) { $status = 'Exists' }
    else { $ranges.Add($row.IPAddress); $status = 'Added' }
    [PSCustomObject]@{ IP = $row.IPAddress; Status = $status; Owner = $row.Owner }
}
Set-ReceiveConnector $connector.Identity -RemoteIPRanges $ranges
$result | Format-Table -AutoSize | Out-String -Width 80
$result | Group-Object Status | Sort-Object Name | ForEach-Object { "$($_.Name): $($_.Count)" }
(Get-ReceiveConnector Relay).RemoteIPRanges | Sort-Object
