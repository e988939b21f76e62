$ErrorActionPreference = 'Stop'
function Step($name, [scriptblock]$what) {
    try { & $what; "$name done" }
    catch [System.DivideByZeroException] { "$name cannot divide" }
    catch { "$name failed: $($_.Exception.Message)" }
    finally { "$name over" }
}
Step one { Set-ReceiveConnector Relay -MaxHopCount 44 }
Step two { Get-ReceiveConnector Missing }
Step three { 1 / 0 }
Step four { throw 'by hand' }
(Get-ReceiveConnector Relay).MaxHopCount
