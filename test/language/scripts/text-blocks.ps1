# Here-strings with values in them, and what they become.
$server = $env:COMPUTERNAME
$names = (Get-ReceiveConnector).Name
$report = @"
Report for "$server" ($(Get-Date -Date '2026-01-02' -Format 'dd.MM.yyyy'))
$('-' * 30)
$($names | ForEach-Object { "* $_`n" })
Price: `$5, tab:`t|
"@
$report
$template = @'
Hello {0},
connector {1} now takes {2:N0} bytes. It's "quoted" and costs $nothing.
'@
$template -f 'Sue', $names[0], (36MB)
$lines = $template -split "`r?`n"
$lines.Count
($lines | Select-Object -Last 1) -replace '\{(\d)[^}]*\}', '<$1>'
"$($names[0].PadRight(15, '.'))|$($names[-1].ToUpper())|$($names[1][0..2] -join '')"
