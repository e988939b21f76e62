# Cmdlets that only look at such things give nothing, and say so; the script goes on.
Get-OwaVirtualDirectory -ADPropertiesOnly | Format-List
Get-HybridConfiguration
Get-RemoteMailbox | Measure-Object | ForEach-Object { $_.Count }
(Get-ReceiveConnector).Count
