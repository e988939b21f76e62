# A page put together by hand.
$html = [System.Text.StringBuilder]::new()
[void]$html.AppendLine('<table>')
$i = 0
while ($i -lt 2) {
    $c = (Get-ReceiveConnector)[$i]
    [void]$html.AppendFormat('<tr class="{0}"><td>{1}</td></tr>', $(if ($i % 2) { 'odd' } else { 'even' }), $c.Name)
    [void]$html.AppendLine()
    $i++
}
[void]$html.Append('</table>')
$html.ToString()
$total = [math]::Round((Get-ReceiveConnector | Measure-Object MaxHopCount -Average).Average / 7, 2)
"mean / 7 = $total"
