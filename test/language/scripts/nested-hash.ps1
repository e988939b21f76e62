# Settings as nested tables, applied by splatting.
$config = [ordered]@{
    'Relay'      = @{ MaxMessageSize = 25MB; TarpitInterval = '00:00:00'; Comment = 'Printers & scanners' }
    'Default EX' = @{ MaxRecipientsPerMessage = 500; ProtocolLoggingLevel = 'Verbose' }
    'Missing'    = @{ MaxHopCount = 3 }
}
$failed = @()
foreach ($entry in $config.GetEnumerator()) {
    $name = $entry.Key
    $settings = $entry.Value
    try {
        Set-ReceiveConnector -Identity $name @settings -ErrorAction Stop
        $list = ($settings.Keys | Sort-Object) -join ', '
        Write-Output "[OK]   ${name}: $list"
    }
    catch {
        $failed += $name
        Write-Output "[FAIL] ${name}: $($_.Exception.Message)"
    }
    finally {
        Write-Verbose "done with $name" -Verbose
    }
}
if ($failed) { "Failed: $($failed -join ', ')" }
Get-ReceiveConnector Relay | Select-Object MaxMessageSize, TarpitInterval, Comment | ConvertTo-Json
exit $failed.Count
