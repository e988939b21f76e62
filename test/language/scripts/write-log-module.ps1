# A log function with levels, as many scripts have it.
$LogFile = Join-Path $PWD 'change.log'
function Write-Log {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, ValueFromPipeline, Position = 0)][string]$Message,
        [ValidateSet('INFO', 'WARN', 'ERROR')][string]$Level = 'INFO',
        [switch]$NoConsole
    )
    begin { $count = 0 }
    process {
        $line = '{0} [{1,-5}] {2}' -f '2026-01-02 03:04:05', $Level, $Message
        Add-Content -Path $LogFile -Value $line -Encoding UTF8
        $count++
        if (-not $NoConsole) {
            switch ($Level) {
                'WARN' { Write-Host $line -ForegroundColor Yellow; break }
                'ERROR' { Write-Host $line -ForegroundColor Red; break }
                default { Write-Host $line }
            }
        }
    }
    end { Write-Verbose "$count lines" }
}
'one', 'two' | Write-Log
Write-Log 'careful' -Level WARN
try { Set-ReceiveConnector 'Nowhere' -MaxHopCount 5 -ErrorAction Stop }
catch { Write-Log -Message $_.Exception.Message -Level ERROR -NoConsole }
try { Write-Log 'x' -Level DEBUG } catch { $_.FullyQualifiedErrorId }
(Get-Content $LogFile).Count
(Get-Content $LogFile -Tail 1) -match 'ERROR'
