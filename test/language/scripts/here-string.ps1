$names = (Get-ReceiveConnector | Sort-Object Name).Name
$text = @"
Connectors on $env:COMPUTERNAME
===============================
$($names | ForEach-Object { "* $_" } | Out-String)
Total: $($names.Count)
"@
$text -split "`r?`n" | Where-Object { $_ -ne '' }
@'
$names stays as it is
'@
