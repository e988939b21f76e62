# Words of the shell around it, and the environment as a drive.
hostname
"Default Frontend $(hostname)"
Get-Content env:SITE
Test-Path env:COMPUTERNAME; Test-Path env:NOT_THERE
(Get-Item env:SITE).Value
[Environment]::GetEnvironmentVariable('SITE')
$folder = mkdir "$HOME/logs/2026"
$folder.Name
md "$HOME/logs/2026" -Force | ForEach-Object { $_.PSIsContainer }
mkdir "$HOME/logs/2026"
