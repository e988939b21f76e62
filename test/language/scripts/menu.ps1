# answers: 2|x|q
do {
    Write-Host '1) list  2) count  q) quit'
    $choice = Read-Host 'Choice'
    switch -Regex ($choice) {
        '^1$' { (Get-ReceiveConnector).Name }
        '^2$' { (Get-ReceiveConnector).Count }
        '^q' { 'bye' }
        default { "What is '$choice'?" }
    }
} until ($choice -eq 'q')
