# args: -Connector Relay -Ips 10.1.2.3,10.1.2.4,10.1.2.300
<#
.SYNOPSIS
  Adds addresses to a relay connector and says what happened to each.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory = $true, Position = 0)]
    [string]$Connector,

    [Parameter(Mandatory = $true)]
    [ValidateNotNullOrEmpty()]
    [string[]]$Ips
)

$rc = Get-ReceiveConnector -Identity "$env:COMPUTERNAME\$Connector" -ErrorAction Stop
$before = $rc.RemoteIPRanges.Count
foreach ($ip in $Ips) {
    try {
        [void]([ipaddress]$ip)
    }
    catch {
        Write-Warning "$ip is no address"
        continue
    }
    $rc.RemoteIPRanges += $ip
    Write-Host "Added $ip" -ForegroundColor Green
}
Set-ReceiveConnector -Identity $rc.Identity -RemoteIPRanges $rc.RemoteIPRanges
$after = (Get-ReceiveConnector $rc.Identity).RemoteIPRanges.Count
"$before -> $after"
