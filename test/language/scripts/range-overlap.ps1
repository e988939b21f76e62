# Adds ranges to connectors that are piped in, unless one overlaps; the bounds are compared as versions
function Add-Range {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [string] $Identity,
        [Parameter(Mandatory)]
        [string[]] $Range
    )
    begin {
        if (-not [bool](Get-Command -Name Get-ReceiveConnector -ErrorAction SilentlyContinue)) { throw 'No Exchange here.' }
        [System.Collections.ArrayList]$changed = @()
    }
    process {
        if ($connector = Get-ReceiveConnector -Identity $Identity -ErrorAction SilentlyContinue) {
            [System.Collections.ArrayList]$new = @()
            foreach ($text in $Range) {
                if ($parsed = [Microsoft.Exchange.Data.IPRange]::Parse($text)) {
                    $low = [version]$parsed.LowerBound.ToString()
                    $high = [version]$parsed.UpperBound.ToString()
                    $there = foreach ($old in $connector.RemoteIPRanges | Where-Object { $_.Expression -notmatch ':' }) {
                        if ($low -le [version]$old.UpperBound.ToString() `
                                -and $high -ge [version]$old.LowerBound.ToString()) {
                            $true
                            break
                        }
                    }
                    if ($there) { Write-Error "$text overlaps." } else {
                        $null = $connector.RemoteIPRanges.Add($parsed)
                        $null = $new.Add($parsed)
                    }
                }
            }
            if ($new) {
                $connector | Add-Member -MemberType NoteProperty -Name NewRanges -Value $new
                $null = $changed.Add($connector)
            }
        } else { throw "`"$Identity`" is not there." }
    }
    end {
        foreach ($one in $changed) {
            Set-ReceiveConnector -Identity $one.Identity -RemoteIPRanges $one.RemoteIPRanges
            $one | Select-Object Identity, NewRanges
        }
    }
}
Get-ReceiveConnector | Where-Object { $_.Name -eq 'Relay' } | Add-Range -Range 10.5.5.5, 10.9.0.0/28 | Format-Table | Out-String -Width 60
Add-Range -Identity Relay -Range 192.168.5.0/28
