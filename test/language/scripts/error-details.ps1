# What scripts read of errors.
$ErrorActionPreference = 'Stop'
function Test-Step {
    param([scriptblock]$Block, [string]$Name)
    try {
        & $Block
        "${Name}: ok"
    }
    catch [System.DivideByZeroException] { "${Name}: division" }
    catch [System.Management.Automation.ParameterBindingException] { "${Name}: binding" }
    catch {
        "${Name}: $($_.Exception.GetType().Name) / $($_.CategoryInfo.Category)"
        if ($_.Exception.Message.Length -gt 20) { $_.Exception.Message.Substring(0, 20) + '...' }
    }
}
Test-Step { 1 / 0 } 'one'
Test-Step { Get-ReceiveConnector Nowhere } 'two'
Test-Step { throw 'mine' } 'three'
Test-Step { throw [System.ArgumentException]::new('bad argument here, really') } 'four'
Test-Step { $null.Method() } 'five'
Test-Step { [int]'abc' } 'six'
Test-Step { 'fine' } 'seven'
$Error.Count -gt 0
try { throw [System.InvalidOperationException] 'typed' } catch { $_.Exception.GetType().FullName }
