# Cmdlets that write files know -WhatIf and -Confirm.
Get-ReceiveConnector | Select-Object Name | Export-Csv "$HOME/all.csv" -NoTypeInformation -Force -Confirm:$false
(Get-Content "$HOME/all.csv").Count
Get-ReceiveConnector | Export-Csv "$HOME/not.csv" -WhatIf
'x' | Out-File "$HOME/not.txt" -WhatIf
1 | Export-Clixml "$HOME/not.xml" -WhatIf
Test-Path "$HOME/not.*"
