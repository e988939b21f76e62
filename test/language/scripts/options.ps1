# args: -Confirm:$false relay -Disable
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High', DefaultParameterSetName = 'On')]
param(
    [Parameter(Position = 0, Mandatory)][Alias('Identity')][string]$Name,
    [Parameter(ParameterSetName = 'Off', Mandatory)][switch]$Disable,
    [Parameter(ParameterSetName = 'On')][switch]$Enable
)
"set: $($PSCmdlet.ParameterSetName)"
if ($PSCmdlet.ShouldProcess($Name, 'Change')) {
    Set-ReceiveConnector $Name -Enabled (-not $Disable)
}
"$((Get-ReceiveConnector $Name).Enabled)"
$PSBoundParameters.Keys | Sort-Object
