# A filter in the pipeline that takes objects and gives records.
function ConvertTo-ConnectorRecord {
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory, ValueFromPipeline)] $Connector,
        [Alias('Sep')] [string] $Separator = ';'
    )
    begin { $number = 0 }
    process {
        $number++
        [pscustomobject]@{
            No       = $number
            Name     = $Connector.Name
            Bindings = ($Connector.Bindings | ForEach-Object { "$_" }) -join $Separator
            Ranges   = $Connector.RemoteIPRanges.Count
        }
    }
    end { Write-Verbose "$number records" }
}
Get-ReceiveConnector | ConvertTo-ConnectorRecord -Sep '|' -Verbose | ConvertTo-Csv -Delimiter ',' -NoTypeInformation
$records = Get-ReceiveConnector | ConvertTo-ConnectorRecord
$records.Where({ $_.Ranges -gt 1 }).Name
$records | Measure-Object Ranges -Sum -Maximum | Select-Object Sum, Maximum | Format-List
