Import-Csv C:\Scripts\ranges.csv | ForEach-Object { $_.Address }
'after'
