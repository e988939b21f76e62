# args: Relay
# Lines that stand at the top of many scripts and set what is of the machine around them.
param([string]$Connector)
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
[System.Net.ServicePointManager]::ServerCertificateValidationCallback = { $true }
[Console]::OutputEncoding = [System.Text.Encoding]::UTF8
$OutputEncoding = [System.Text.UTF8Encoding]::new($false)
[Console]::Title = "Limits of $Connector"
[System.Threading.Thread]::CurrentThread.CurrentCulture = [System.Globalization.CultureInfo]::GetCultureInfo('en-US')
$watch = [System.Diagnostics.Stopwatch]::StartNew()
$log = [IO.Path]::Combine('C:\Logs', [IO.Path]::GetFileNameWithoutExtension('C:\Scripts\limits.ps1') + '.log')
$log
[IO.Path]::ChangeExtension($log, 'csv')
$counts = @{}
foreach ($range in (Get-ReceiveConnector $Connector).RemoteIPRanges) { $counts[$range.RangeFormat] ++ }
$counts.GetEnumerator() | Sort-Object Name | ForEach-Object { "$($_.Key): $($_.Value)" }
$watch.Stop()
if ($watch.IsRunning -or $watch.Elapsed.TotalMinutes -gt 5 -or $watch.ElapsedMilliseconds -lt 0) { throw 'too slow' }
'{0:hh\:mm} passed' -f $watch.Elapsed
