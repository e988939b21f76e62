function Measure-Hops {
    [CmdletBinding()]
    param(
        [Parameter(ValueFromPipelineByPropertyName)][string]$Name,
        [Parameter(ValueFromPipelineByPropertyName)][int]$MaxHopCount
    )
    begin { $sum = 0; $names = @() }
    process { $sum += $MaxHopCount; $names += $Name }
    end { [pscustomobject]@{ Names = $names -join '+'; Sum = $sum } }
}
$result = Get-ReceiveConnector | Measure-Hops
"$($result.Names) = $($result.Sum)"
filter Only-Enabled { if ($_.Enabled) { $_.Name } }
Get-ReceiveConnector | Only-Enabled
