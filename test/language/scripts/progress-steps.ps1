# Long work with progress, a stopwatch of its own and a summary.
$connectors = @(Get-ReceiveConnector | Sort-Object Name)
$total = $connectors.Count
$start = Get-Date
for ($i = 0; $i -lt $total; $i++) {
    $percent = [math]::Round(($i + 1) / $total * 100)
    Write-Progress -Activity 'Checking' -Status "$($i + 1) of $total" -PercentComplete $percent
    $c = $connectors[$i]
    if ($c.Name -like 'Client*') { continue }
    '{0:00}% {1}' -f $percent, $c.Name
}
Write-Progress -Activity 'Checking' -Completed
$elapsed = (Get-Date) - $start
'Took {0:mm\:ss}' -f $elapsed
$summary = @{
    Checked = $total
    Average = ($connectors | Measure-Object -Property { $_.MaxRecipientsPerMessage } -Average).Average
    Largest = ($connectors | Sort-Object { $_.MaxMessageSize.ToBytes() } -Descending)[0].Name
}
$summary.Keys | Sort-Object | ForEach-Object { "$_ = $($summary[$_])" }
