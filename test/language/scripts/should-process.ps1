function Disable-Relay {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(ValueFromPipeline)][string]$Name)
    process { if ($PSCmdlet.ShouldProcess($Name, 'Disable')) { Set-ReceiveConnector $Name -Enabled $false; "$Name off" } }
}
'Relay', 'Client EX' | Disable-Relay -WhatIf
'Relay' | Disable-Relay -Confirm:$false
(Get-ReceiveConnector Relay).Enabled
