# A log with levels, as most scripts bring one along.
$script:lines = New-Object System.Collections.ArrayList
function Write-Log {
    param(
        [Parameter(Mandatory)][string]$Message,
        [ValidateSet('INFO', 'WARN', 'ERROR')][string]$Level = 'INFO'
    )
    [void]$script:lines.Add("[$Level] $Message")
    switch ($Level) {
        'WARN' { Write-Warning $Message }
        'ERROR' { Write-Host $Message -ForegroundColor Red }
    }
}

Write-Log 'Start'
Write-Log -Message 'Only one connector' -Level WARN
try { Write-Log 'x' -Level DEBUG } catch { Write-Log $_.Exception.Message -Level ERROR }
Write-Log "$((Get-ReceiveConnector).Count) connectors"
$script:lines
