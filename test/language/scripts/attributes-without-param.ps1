# A function whose param was forgotten: its attributes stand before its first variable
function Get-LogStatus {
    [CmdletBinding()]
    [OutputType([System.Object[]])]

    $servers = Get-ExchangeServer | Where-Object { $_.ServerRole -match 'mailbox' }
    $servers | ForEach-Object { Get-TransportServer $_.Name | Select-Object Name, MessageTrackingLogEnabled }
}
(Get-LogStatus).Name
