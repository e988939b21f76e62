# Everything that cannot be run is named at once.
using module ./Mine.psm1
class Row { [string]$Name }
Get-ReceiveConnector | Set-ReceiveConnector -MaxHopCont 5
[System.IO.File]::WriteAllText('x', 'y')
Invoke-WebRequest http://example.com
