function Set-Limit {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true, Position = 0)][ValidateNotNullOrEmpty()][string]$Name,
        [ValidateRange(1, 500)][int]$Hops = 60,
        [ValidateSet('Verbose', 'None')][string]$Logging = 'None',
        [switch]$Quiet
    )
    Set-ReceiveConnector $Name -MaxHopCount $Hops -ProtocolLoggingLevel $Logging
    if (-not $Quiet) { "$Name has $Hops hops, logging $Logging" }
}
Set-Limit Relay -Hops 30
Set-Limit -Name Relay -Logging verbose -Quiet
Get-ReceiveConnector Relay | ForEach-Object { "$($_.MaxHopCount) $($_.ProtocolLoggingLevel)" }
try { Set-Limit Relay -Hops 900 } catch { "refused: $($_.FullyQualifiedErrorId)" }
