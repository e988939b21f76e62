# Default values of a script's parameters may ask for the server and the connectors.
param(
  [string]$Server = $env:COMPUTERNAME,
  [string[]]$Connector = (Get-ReceiveConnector -Server $Server).Name,
  [ValidateScript({ (Get-ReceiveConnector).Count -ge $_ })][int]$AtLeast = 1
)
"$Server has $($Connector.Count), at least $AtLeast"
