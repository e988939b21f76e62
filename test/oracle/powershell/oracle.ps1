# One long-lived process: a text a line of JSON in, what PowerShell makes of it a line of JSON out. Arguments: a file of connectors.
param([Parameter(Mandatory)][string] $Connectors)
$ErrorActionPreference = 'Stop'
Add-Type -Path "$PSScriptRoot/Exchange.cs", "$PSScriptRoot/Oracle.cs"
[Oracle]::Serve((Get-Content -Raw $Connectors))
