# Who sends how much, from the protocol log of the receive connectors.
$path = (Get-TransportService).ReceiveProtocolLogPath
New-Item -ItemType Directory $path -Force | Out-Null
@'
#Software: Microsoft Exchange Server
#Version: 15.0.0.0
#Log-type: SMTP Receive Protocol Log
#Date: 2026-01-02T03:00:00.000Z
#Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
2026-01-02T03:00:01.000Z,EX\Relay,01,0,10.0.0.1:25,192.168.5.10:50001,+,,
2026-01-02T03:00:02.000Z,EX\Relay,01,1,10.0.0.1:25,192.168.5.10:50001,<,MAIL FROM:<scanner@contoso.com>,
2026-01-02T03:00:03.000Z,EX\Relay,02,1,10.0.0.1:25,192.168.5.11:50002,<,MAIL FROM:<erp@contoso.com>,
2026-01-02T03:00:04.000Z,EX\Relay,03,1,10.0.0.1:25,192.168.5.10:50003,<,MAIL FROM:<scanner@contoso.com>,
2026-01-02T03:00:05.000Z,EX\Relay,03,2,10.0.0.1:25,192.168.5.10:50003,>,550 5.7.54 SMTP; Unable to relay,
'@ | Set-Content (Join-Path $path 'RECV2026010203-1.log')
$fields = 'date-time', 'connector-id', 'session-id', 'sequence-number', 'local-endpoint', 'remote-endpoint', 'event', 'data', 'context'
$lines = Get-ChildItem "$path\*.log" | Get-Content | Where-Object { $_ -notmatch '^#' } | ConvertFrom-Csv -Header $fields
$lines | Where-Object { $_.event -eq '<' -and $_.data -like 'MAIL FROM*' } | ForEach-Object {
    if ($_.data -match 'MAIL FROM:<(?<sender>[^>]+)>') {
        [pscustomobject]@{ Sender = $Matches.sender; IP = ($_.'remote-endpoint' -split ':')[0] }
    }
} | Group-Object Sender, IP | Sort-Object Count -Descending | Select-Object Count, Name | Format-Table -HideTableHeaders
$refused = @($lines | Where-Object data -match '^5\d\d')
"Refused: $($refused.Count)"
Select-String -Path "$path\*.log" -Pattern '550 5\.7' | ForEach-Object { $_.LineNumber }
