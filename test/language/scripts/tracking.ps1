$since = (Get-Date).AddDays(-1)
$mail = @(Get-MessageTrackingLog -Server $env:COMPUTERNAME -Start $since -ResultSize Unlimited)
"$($mail.Count) messages since $($since.ToString('yyyy-MM-dd'))"
$mail | Group-Object Sender | Sort-Object Count -Descending | Select-Object -First 5 Count, Name
