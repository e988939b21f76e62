# args: -Add 10.9.0.0/24
# A tool that adds or takes one address, or lists them.
[CmdletBinding(DefaultParameterSetName = 'List')]
param(
    [Parameter(ParameterSetName = 'Add', Mandatory)][string]$Add,
    [Parameter(ParameterSetName = 'Remove', Mandatory)][string]$Remove,
    [Parameter(ParameterSetName = 'List')][switch]$List,
    [string]$Connector = 'Relay'
)
switch ($PSCmdlet.ParameterSetName) {
    'Add' { Set-ReceiveConnector $Connector -RemoteIPRanges @{ Add = $Add } }
    'Remove' { Set-ReceiveConnector $Connector -RemoteIPRanges @{ Remove = $Remove } }
    'List' { 'listing' }
}
$PSBoundParameters.Keys
(Get-ReceiveConnector $Connector).RemoteIPRanges | ForEach-Object { "$_" }
