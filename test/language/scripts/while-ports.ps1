# The first free port for a second relay.
$port = 25
$taken = Get-ReceiveConnector | ForEach-Object { $_.Bindings } | ForEach-Object { $_.Port }
while ($taken -contains $port) { $port++ }
"first free: $port"
for ($i = 0; $i -lt 3; $i++) { "candidate {0}: {1}" -f $i, ($port + $i) }
do { $port += 100 } until ($port -gt 300)
$port
