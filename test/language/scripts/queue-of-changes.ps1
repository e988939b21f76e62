# A list of changes in a here-string, one a line: name;setting;value.
$changes = @'
Relay;MaxHopCount;20
Relay;Banner;220 relay.contoso.com
# a comment

Client EX;MaxMessageSize;10MB
Relay;NoSuchSetting;1
'@ -split "`n" | Where-Object { $_.Trim() -and $_ -notmatch '^\s*#' }
$done = 0
foreach ($line in $changes) {
    $name, $setting, $value = $line.Split(';').Trim()
    $arguments = @{ Identity = $name; $setting = $value }
    try {
        Set-ReceiveConnector @arguments -ErrorAction Stop
        $done++
    }
    catch { Write-Warning "Line '$line': $(($_.Exception.Message -split '\.')[0])" }
}
"$done of $($changes.Count)"
$relay = Get-ReceiveConnector Relay
"$($relay.MaxHopCount) $($relay.Banner)"
