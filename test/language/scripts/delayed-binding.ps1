# A block for a parameter that takes what is piped in is worked out for each object.
Get-ReceiveConnector | Where-Object { $_.Identity -like '*Default*' } | Set-ReceiveConnector -Identity { $_.Identity } -MaxHopCount 30
'Relay', 'Client EX' | Get-ReceiveConnector -Identity { "EX\$_" } | ForEach-Object { $_.Name }
(Get-ReceiveConnector 'Default EX').MaxHopCount
'Nobody', 'Relay' | Get-ReceiveConnector -Identity { $_ } | ForEach-Object { $_.Name }
