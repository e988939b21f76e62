# Lists, sets by key, lookups and sorting by several things.
$byPort = @{}
foreach ($c in Get-ReceiveConnector) {
    foreach ($binding in $c.Bindings) {
        if (-not $byPort.ContainsKey($binding.Port)) { $byPort[$binding.Port] = @() }
        $byPort[$binding.Port] += $c.Name
    }
}
foreach ($port in $byPort.Keys | Sort-Object) { '{0,5}: {1}' -f $port, ($byPort[$port] -join ', ') }
$list = New-Object System.Collections.ArrayList
[void]$list.Add('b'); [void]$list.AddRange(@('c', 'a'))
$list.Sort(); $list -join ','
$list.Remove('b'); $list.Contains('b'); $list.IndexOf('c')
$unique = Get-ReceiveConnector | Select-Object -ExpandProperty PermissionGroups | ForEach-Object { "$_" -split ', ' } | Sort-Object -Unique
$unique -join ' '
$numbers = 5, 3, 9, 1
($numbers | Sort-Object -Descending)[0..1] -join ' '
($numbers | Measure-Object -Minimum -Maximum).Maximum
$numbers.ForEach({ $_ * 2 }) -join ' '
$first, $rest = $numbers
"$first then $rest"
if ('Relay' -in (Get-ReceiveConnector).Name) { 'there' }
$dictionary = [System.Collections.Generic.Dictionary[string, int]]::new()
$dictionary['x'] = 1; $dictionary.Add('y', 2); $dictionary.Count; $dictionary.ContainsKey('x')
