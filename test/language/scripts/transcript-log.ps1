# Everything that is said goes into a transcript too.
Start-Transcript -Path .\session.txt | Out-Null
Write-Host 'Beginning'
$changed = 0
Get-ReceiveConnector | ForEach-Object {
    if ($_.ProtocolLoggingLevel -eq 'None') {
        Set-ReceiveConnector $_.Identity -ProtocolLoggingLevel Verbose
        $changed++
    }
}
"Changed: $changed"
Stop-Transcript | Out-Null
@(Get-Content .\session.txt | Select-String 'Beginning|Changed').Count
