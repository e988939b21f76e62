# Keeps what was exported before, exports what is set now, then changes it; the newest backups stay.
$folder = Join-Path $PWD 'relay-backups'
$null = New-Item $folder, (Join-Path $folder 'older') -ItemType Directory -Force
$file = Join-Path $folder 'connectors.csv'
Set-Content $file 'of yesterday'
if (Test-Path $file) { Copy-Item $file "$file.bak" -Force -PassThru | ForEach-Object { "kept $($_.Name)" } }
Get-ReceiveConnector | Select-Object Name, MaxHopCount | Export-Csv $file -NoTypeInformation
Set-ReceiveConnector Relay -MaxHopCount 31
Get-ChildItem $folder -Filter *.bak | Rename-Item -NewName { $_.Name -replace '\.csv\.bak$', '-old.csv' }
Move-Item "$folder\connectors-old.csv" (Join-Path $folder older)
Get-ChildItem $folder -Recurse -File | Sort-Object FullName | ForEach-Object { $_.FullName.Substring($folder.Length + 1) }
Get-Content (Join-Path $folder 'older\connectors-old.csv')
try { Move-Item $file (Join-Path $folder 'no\where.csv') -ErrorAction Stop } catch { $_.CategoryInfo.Reason }
Remove-Item $folder -Recurse
