# The same change on several servers, of which one is not there.
$servers = 'EX', 'EX02'
$failed = [System.Collections.Generic.List[string]]::new()
foreach ($server in $servers) {
    try {
        Set-ReceiveConnector -Identity "$server\Relay" -ProtocolLoggingLevel Verbose -ErrorAction Stop
        Write-Host "$server done"
    }
    catch {
        $failed.Add($server)
        Write-Host "$server failed: $($_.Exception.Message)"
    }
    finally {
        Write-Verbose "$server was tried"
    }
}
if ($failed.Count -gt 0) { Write-Warning "Not changed: $($failed -join ', ')" }
(Get-ReceiveConnector Relay).ProtocolLoggingLevel
exit $failed.Count
