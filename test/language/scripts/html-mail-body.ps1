# An HTML report as it goes into the body of a mail.
$style = @"
<style>
table { border-collapse: collapse; }
td, th { border: 1px solid #ccc; }
</style>
"@
$rows = Get-ReceiveConnector | Sort-Object Name | Select-Object Name,
    @{ n = 'Port'; e = { $_.Bindings[0].Port } },
    @{ n = 'Max size (MB)'; e = { $_.MaxMessageSize.ToMB() } },
    @{ n = 'Anonymous'; e = { if ($_.PermissionGroups -match 'Anonymous') { 'yes' } else { 'no' } } }
$body = $rows | ConvertTo-Html -Fragment -PreContent '<h1>Receive connectors</h1>' | Out-String
$body = $body -replace '<td>yes</td>', '<td style="color:red">yes</td>'
$mail = @{
    From       = 'reports@contoso.com'
    To         = 'admin@contoso.com', 'team@contoso.com'
    Subject    = "Connectors on $env:COMPUTERNAME, $($rows.Count) in all"
    Body       = $style + $body
    BodyAsHtml = $true
}
$mail.Subject
$mail.To -join ', '
($body -split "`n" | Where-Object { $_ -match 'red' }).Trim()
[bool]($mail.Body -match '<style>')
