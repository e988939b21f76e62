if ($host.Name -eq 'ConsoleHost') { $host.UI.RawUI.WindowTitle = 'Relay report' }
if ($PSVersionTable.PSVersion.Major -lt 3) { throw 'PowerShell 3 or newer is needed' }
Write-Host 'Relay ' -NoNewline
Write-Host 'report' -ForegroundColor Green -BackgroundColor Black
Write-Output (Get-ReceiveConnector Relay).Name
