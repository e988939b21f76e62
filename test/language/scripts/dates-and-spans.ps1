# Dates and spans as reports use them.
$from = [datetime]'2026-01-31'
$from.AddMonths(1).ToString('yyyy-MM-dd')
$span = New-TimeSpan -Start '2026-01-01' -End '2026-01-02 12:30'
"$($span.Days)d $($span.Hours)h $($span.Minutes)m = $($span.TotalHours) h"
'{0:dddd, d MMMM yyyy}' -f $from
[datetime]::ParseExact('02.01.2026 15:04', 'dd.MM.yyyy HH:mm', $null).ToString('s')
(Get-Date '2026-03-01').DayOfWeek
$slow = Get-ReceiveConnector | Where-Object { $_.ConnectionTimeout -gt (New-TimeSpan -Minutes 5) }
"$(@($slow).Count) time out after more than five minutes"
Set-ReceiveConnector Relay -ConnectionTimeout (New-TimeSpan -Minutes 20) -ConnectionInactivityTimeout 00:02:00
(Get-ReceiveConnector Relay).ConnectionTimeout.TotalMinutes
(Get-Date '2026-01-02').ToUniversalTime() -is [datetime]
[int]((Get-Date '2026-01-02') - (Get-Date '2025-12-25')).TotalDays
