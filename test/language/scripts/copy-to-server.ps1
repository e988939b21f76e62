# args: -Source Relay -Name "Relay-2"
<#
.SYNOPSIS
    Makes a second connector from one that is there, with the same remote ranges.
.EXAMPLE
    .\copy-to-server.ps1 -Source Relay -Name "Relay 2"
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory = $true, Position = 0)]
    [ValidateNotNullOrEmpty()]
    [string]$Source,
    [Parameter(Mandatory = $true)]
    [ValidateLength(1, 64)]
    [string]$Name,
    [ValidateRange(1, 65535)]
    [int]$Port = 2600
)
#requires -Version 5.1
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
try {
    $old = Get-ReceiveConnector -Identity $Source
}
catch {
    Write-Error "There is no connector $Source"
    exit 3
}
$params = @{
    Name             = $Name.Trim('"')
    Bindings         = "127.0.0.1:$Port"
    RemoteIPRanges   = $old.RemoteIPRanges
    PermissionGroups = 'AnonymousUsers'
    Usage            = 'Custom'
}
if ($PSCmdlet.ShouldProcess($params.Name, 'Create receive connector')) {
    New-ReceiveConnector @params | Select-Object Name, @{ Name = 'Ranges'; Expression = { $_.RemoteIPRanges -join ';' } } | Format-List
}
Compare-Object $old.RemoteIPRanges (Get-ReceiveConnector $params.Name).RemoteIPRanges -IncludeEqual |
    ForEach-Object { '{0} {1}' -f $_.SideIndicator, $_.InputObject }
