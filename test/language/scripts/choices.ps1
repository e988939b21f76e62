# answers: ?|maybe|n||2
# Questions with $host.UI, as scripts ask before they change something.
$yes = New-Object System.Management.Automation.Host.ChoiceDescription '&Yes', 'Changes the connectors.'
$no = New-Object System.Management.Automation.Host.ChoiceDescription -ArgumentList '&No', 'Leaves them as they are.'
$choices = [System.Management.Automation.Host.ChoiceDescription[]]($yes, $no)
"chose $($host.UI.PromptForChoice('Limits', 'Change them?', $choices, 0))"
"chose $($Host.UI.PromptForChoice('', 'Again?', @('&Yes', '&No'), 1))"
$host.UI.WriteLine('written')
"read $($host.UI.ReadLine())"
