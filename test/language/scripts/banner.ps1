$template = '220 {0} ready, {1:yyyy}'
Get-ReceiveConnector 'Default*' | ForEach-Object {
    $banner = $template -f ($_.Fqdn -replace '^[^.]+\.', 'mail.'), (Get-Date)
    Set-ReceiveConnector $_ -Banner $banner
    (Get-ReceiveConnector $_.Identity).Banner
}
