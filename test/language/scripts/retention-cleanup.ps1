# Old log files go, as a scheduled task does it.
$folder = Join-Path $PWD 'logs'
if (-not (Test-Path $folder)) { New-Item -Path $folder -ItemType Directory | Out-Null }
1..5 | ForEach-Object { "line $_" | Out-File (Join-Path $folder "RECV$_.log") }
$files = Get-ChildItem $folder -Filter *.log
$old = $files | Where-Object { $_.LastWriteTime -lt (Get-Date).AddDays(-30) -or $_.BaseName -match '[45]$' }
"$($files.Count) files, $($old.Count) old, {0:N2} KB" -f (($files | Measure-Object Length -Sum).Sum / 1KB)
$old | Remove-Item -WhatIf | Out-Null
$old | Remove-Item -Force
(Get-ChildItem $folder).Name -join ' '
Remove-Item $folder -Recurse -Force
Test-Path $folder
