# A report of limits, with a function that makes its rows.
function Get-LimitRow {
    param(
        [Parameter(ValueFromPipeline = $true)]
        $InputObject
    )
    process {
        $size = $InputObject.MaxMessageSize
        $state = switch ($size.ToMB()) {
            { $_ -ge 100 } { 'large'; break }
            { $_ -ge 30 } { 'usual'; break }
            default { 'small' }
        }
        New-Object PSObject -Property @{
            Name  = $InputObject.Name
            Size  = $size.ToMB()
            State = $state
        }
    }
}

Get-ReceiveConnector Relay | Set-ReceiveConnector -MaxMessageSize 100MB
$rows = Get-ReceiveConnector | Get-LimitRow | Sort-Object Name
foreach ($row in $rows) { '{0,-12}{1,5} MB  {2}' -f $row.Name, $row.Size, $row.State }
'{0} connectors, {1} large' -f @($rows).Count, @($rows | Where-Object { $_.State -eq 'large' }).Count
