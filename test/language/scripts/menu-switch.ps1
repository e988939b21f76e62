# answers: 1|Relay|2|Relay|5 MB|x|Q
# A menu with checks of what is typed.
function Show-Menu {
    param([string]$Title = 'Receive connectors')
    Write-Host "===== $Title ====="
    Write-Host '1: Show   2: Size   Q: Quit'
}
:menu while ($true) {
    Show-Menu
    $choice = (Read-Host 'Choice').Trim().ToUpper()
    switch -Regex ($choice) {
        '^[12]$' {
            $name = Read-Host 'Connector'
            $connector = Get-ReceiveConnector $name -ErrorAction SilentlyContinue
            if ($null -eq $connector) { Write-Warning "No connector '$name'"; continue menu }
        }
        '^1$' { $connector | Select-Object Name, MaxMessageSize, Enabled | Format-List }
        '^2$' {
            $text = Read-Host 'Size'
            if ($text -notmatch '^\s*(\d+)\s*(KB|MB)\s*$') { Write-Warning 'Not a size'; break }
            Set-ReceiveConnector $name -MaxMessageSize ($Matches[1] + $Matches[2])
            "$((Get-ReceiveConnector $name).MaxMessageSize)"
        }
        '^Q$' { break menu }
        default { Write-Host "Unknown: $choice" }
    }
}
'Bye'
