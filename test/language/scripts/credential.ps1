# answers: sue|secret|other
# The lines that connect to Exchange from another machine, with the account that is asked for.
$UserCredential = Get-Credential
$Session = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri http://ex01.contoso.com/PowerShell/ -Authentication Kerberos -Credential $UserCredential
Import-PSSession $Session -DisableNameChecking | Out-Null
function Set-Limit {
    param([Parameter(Mandatory)][string]$Name, [System.Management.Automation.PSCredential]$Credential)
    "$Name as $($Credential.UserName): $((Get-ReceiveConnector $Name).MaxHopCount)"
}
Set-Limit Relay $UserCredential
$UserCredential.GetNetworkCredential().Password
$other = (Get-Credential -Credential 'CONTOSO\bob' -Message 'The other one').GetNetworkCredential()
"$($other.UserName) of $($other.Domain): $($other.Password)"
"$($UserCredential.Password)"
$UserCredential
Remove-PSSession $Session
