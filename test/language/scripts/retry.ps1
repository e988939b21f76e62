# Tries again until it works, at most five times.
function Invoke-Retry {
    param([scriptblock]$Action, [int]$Times = 5)
    for ($try = 1; $try -le $Times; $try++) {
        try {
            return & $Action $try
        }
        catch {
            if ($try -eq $Times) { throw "Gave up after $Times tries: $_" }
            Write-Host "Try $try failed: $_"
        }
    }
}
Invoke-Retry { param($n) if ($n -lt 3) { throw "not yet" }; "worked at $n" }
try { Invoke-Retry -Times 2 -Action { throw 'never' } } catch { "$_" }
