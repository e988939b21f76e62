$log = "relay-$(Get-Date -Format yyyyMMdd).log"
function Log([string]$text, [string]$level = 'INFO') { "[{0:s}] {1,-5} {2}" -f (Get-Date), $level, $text | Out-File $log -Append }
Log 'start'
try { Get-ReceiveConnector Missing -ErrorAction Stop } catch { Log $_.Exception.Message 'ERROR' }
Log 'end'
(Get-Content $log) -match 'ERROR' | ForEach-Object { $_.Substring(22) }
(Get-Content $log).Count
