# A dry run of everything by the preference, and the real one.
$WhatIfPreference = $true
Set-ReceiveConnector Relay -MaxHopCount 7
Remove-ReceiveConnector 'Client EX'
$WhatIfPreference = $false
(Get-ReceiveConnector Relay).MaxHopCount
Set-ReceiveConnector Relay -MaxHopCount 7 -WhatIf:$false
(Get-ReceiveConnector Relay).MaxHopCount
Remove-ReceiveConnector 'Client EX' -Confirm:$false
(Get-ReceiveConnector).Count
