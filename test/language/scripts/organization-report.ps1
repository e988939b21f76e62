# Looks at much that is not of this server, with parameters of every kind
if (!(Get-ADServerSettings).ViewEntireForest) { Set-ADServerSettings -ViewEntireForest $true }
if ($false) { Set-ADServerSettings -ViewEntireForets $true }
Get-RetentionPolicy | Select-Object Name
Get-ManagementRoleAssignment -GetEffectiveUsers -RoleAssignee x
Test-OAuthConnectivity -Service EWS -TargetUri https://mail.contoso.com/ews -Mailbox a@contoso.com -Verbose | Format-List
$filter = @{ Resultsize = 'Unlimited'; Filter = 'x' }
Get-MailboxDatabaseCopyStatus @filter EX01 -Active
Get-MailboxStatistics -Server EX01 -NoADLookup | Measure-Object | ForEach-Object Count
Get-Date -Date '2026-11-29 10:00' -DisplayHint Time | ForEach-Object Hour
