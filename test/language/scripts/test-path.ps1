$folder = Join-Path $PWD 'backup'
if (-not (Test-Path $folder)) { New-Item -ItemType Directory -Path $folder | Out-Null; 'made the folder' }
$file = Join-Path -Path $folder -ChildPath 'relay.txt'
(Get-ReceiveConnector Relay).RemoteIPRanges | Out-File $file
Get-Content $file | Measure-Object | ForEach-Object { "$($_.Count) lines" }
Split-Path $file -Leaf
Add-Content $file '10.9.8.7'
Select-String -Path $file -Pattern '^10\.' | ForEach-Object { "line $($_.LineNumber): $($_.Line)" }
Remove-Item $file
Test-Path $file
