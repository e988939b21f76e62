# Operators that newer scripts use.
$role = 'Hub'
$port = $role -eq 'Hub' ? 2525 : 25
$port
$banner = $null
$banner ??= '220 mail'
$banner
$missing = Get-ReceiveConnector nowhere -ErrorAction SilentlyContinue
$missing?.Name ?? 'none'
(Get-ReceiveConnector Relay) && 'found' | Out-Null
6 -band 3; 6 -bor 1; 6 -bxor 2; 1 -shl 4; -bnot 0
0x1F; 1kb; 1e3; 10 % 3; 7 / 2; [int](7 / 2); [math]::Floor(7 / 2)
'abc' -cmatch 'B'; 'abc' -imatch 'B'; 'a,b;c' -split '[,;]' -join '|'
'EX01', 'EX02', 'HUB1' -like 'EX*' -join ' '
'2026-01-02' -replace '(\d+)-(\d+)-(\d+)', '$3.$2.$1'
@(1, 2, 3) -contains 2; $null -eq @(); @($null).Count
