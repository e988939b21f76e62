# A snapshot before, a comparison after: what has changed in which connector.
$watched = 'MaxMessageSize', 'MaxRecipientsPerMessage', 'ProtocolLoggingLevel', 'Enabled'
function Get-Snapshot { Get-ReceiveConnector | Select-Object (@('Identity') + $watched) }
$before = Get-Snapshot
$before | Export-Clixml .\before.xml
Set-ReceiveConnector Relay -MaxMessageSize 50MB -ProtocolLoggingLevel Verbose
Set-ReceiveConnector 'Client EX' -Enabled $false
$old = Import-Clixml .\before.xml
$changes = foreach ($new in Get-Snapshot) {
    $was = $old | Where-Object { "$($_.Identity)" -eq "$($new.Identity)" }
    foreach ($property in $watched) {
        if ("$($was.$property)" -ne "$($new.$property)") {
            [pscustomobject][ordered]@{
                Connector = "$($new.Identity)"
                Property  = $property
                Before    = "$($was.$property)"
                After     = "$($new.$property)"
            }
        }
    }
}
$changes | Sort-Object Connector, Property | Format-Table -AutoSize
$changes | ConvertTo-Csv -NoTypeInformation
"{0} changes in {1} connectors" -f @($changes).Count, ($changes.Connector | Select-Object -Unique).Count
