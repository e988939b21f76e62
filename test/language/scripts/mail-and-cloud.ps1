# A report by mail, written for another shell
$body = [System.Web.HttpUtility]::HtmlEncode('<b>')
Send-MailMessage -To a@contoso.com -From b@contoso.com -Subject x -Body $body -BodyAsHtml -Encoding ([System.Text.Encoding]::UTF8) -Priority High
Send-MailMessage -To a@contoso.com -From b@contoso.com -Subject x -Encoding UTF8 -Credential $who -SmtpServer localhost
Get-SafeLinksPolicy
Get-EXOMailbox -ResultSize 10
Get-RetentionPolici
Get-ReceiveConector
