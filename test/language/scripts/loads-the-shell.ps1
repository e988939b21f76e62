# What scripts that are started outside of the Exchange Management Shell begin with.
. "$env:ExchangeInstallPath\bin\RemoteExchange.ps1"
Connect-ExchangeServer -auto -ClientApplication:ManagementShell
. 'C:\Program Files\Microsoft\Exchange Server\V15\bin\RemoteExchange.ps1'
Import-Module ActiveDirectory
(Get-ReceiveConnector).Count
