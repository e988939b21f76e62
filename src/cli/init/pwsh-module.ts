/** The fixed part of the PowerShell module: running rc, objects to NDJSON and back, errors to the error stream. */

export const MODULE_START = String.raw`# Receive connectors for PowerShell 7, through rc on this machine. In $PROFILE:
#   rc init pwsh | Out-String | Invoke-Expression
New-Module -Name ReceiveConnector -ScriptBlock {
Set-StrictMode -Version 3

# A size that compares as one: MaxMessageSize -gt 30MB. Prints as rc does, '36 MB (37,748,736 bytes)'.
class RcSize : System.IComparable {
    [long] $Bytes
    hidden [string] $Text
    RcSize([long] $bytes) { $this.Bytes = $bytes; $this.Text = [string] $bytes }
    RcSize([string] $text) {
        $this.Text = $text
        if ($text -match '\(([\d,]+) bytes\)') { $this.Bytes = [long] $Matches[1].Replace(',', '') }
        elseif ($text -match '^\s*([\d.]+)\s*([KMGT]?)B?\s*$') {
            $power = ' KMGT'.IndexOf($Matches[2].ToUpperInvariant() + '')
            if ($Matches[2] -eq '') { $power = 0 }
            $this.Bytes = [long] ([double] $Matches[1] * [System.Math]::Pow(1024, $power))
        }
        else { throw [System.FormatException]::new('"' + $text + '" is no size; write 30MB or 30 MB.') }
    }
    [int] CompareTo([object] $other) { return $this.Bytes.CompareTo(([RcSize] $other).Bytes) }
    [bool] Equals([object] $other) { return ($other -is [RcSize]) -and $this.Bytes -eq $other.Bytes }
    [int] GetHashCode() { return $this.Bytes.GetHashCode() }
    [string] ToString() { return $this.Text }
    [long] ToBytes() { return $this.Bytes }
    [long] ToKB() { return [System.Math]::Floor($this.Bytes / 1KB) }
    [long] ToMB() { return [System.Math]::Floor($this.Bytes / 1MB) }
    [long] ToGB() { return [System.Math]::Floor($this.Bytes / 1GB) }
}

# Printed sizes and spans of an object become what they print.
function ConvertTo-RcTyped {
    param($Object)
    foreach ($property in $Object.PSObject.Properties) {
        $value = $property.Value
        if ($value -isnot [string]) { continue }
        if ($value -match '^[\d.]+ [KMGT]?B \([\d,]+ bytes\)$') { $property.Value = [RcSize]::new($value) }
        elseif ($value -match '^(\d+\.)?\d\d:\d\d:\d\d$') { $property.Value = [timespan] $value }
    }
    $Object
}

# And back: what only this module knows is text in the JSON that rc reads.
function ConvertTo-RcPlain {
    param($Object)
    $plain = [ordered] @{}
    foreach ($property in $Object.PSObject.Properties) {
        $value = $property.Value
        if ($value -is [RcSize] -or $value -is [timespan]) { $value = [string] $value }
        $plain[$property.Name] = $value
    }
    $plain
}

# Runs rc to its end: arguments exactly as given, lines to its standard input, both its outputs as text.
function Invoke-RcProcess {
    param([string[]] $Arguments, [string[]] $Lines)
    $start = [System.Diagnostics.ProcessStartInfo]::new()
    $start.FileName = 'rc'
    foreach ($argument in $Arguments) { $start.ArgumentList.Add($argument) }
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $utf8 = [System.Text.UTF8Encoding]::new($false)
    $start.StandardInputEncoding = $utf8
    $start.StandardOutputEncoding = $utf8
    $start.StandardErrorEncoding = $utf8
    $start.WorkingDirectory = (Get-Location -PSProvider FileSystem).ProviderPath
    $start.Environment['NO_COLOR'] = '1'
    $start.Environment['RC_OUTPUT'] = 'ndjson'
    $process = [System.Diagnostics.Process]::Start($start)
    try {
        $output = $process.StandardOutput.ReadToEndAsync()
        $errors = $process.StandardError.ReadToEndAsync()
        try {
            foreach ($line in $Lines) { $process.StandardInput.WriteLine($line) }
            $process.StandardInput.Close()
        }
        catch [System.IO.IOException] {
            # rc ended without reading all of it; what it says about that comes below.
            $null = $_
        }
        $process.WaitForExit()
        [pscustomobject] @{ ExitCode = $process.ExitCode; Output = $output.Result; Errors = $errors.Result }
    }
    finally { $process.Dispose() }
}

# MaxInboundConnection as a flag: --max-inbound-connection.
function ConvertTo-RcFlag {
    param([string] $Name)
    $words = $Name -creplace '([a-z0-9])([A-Z])', '$1-$2' -creplace '([A-Z]+)([A-Z][a-z])', '$1-$2'
    '--' + $words.ToLowerInvariant()
}

# One value as rc reads it.
function ConvertTo-RcText {
    param($Value)
    if ($null -eq $Value) { return '' }
    if ($Value -is [bool] -or $Value -is [switch]) { return ([string] [bool] $Value).ToLowerInvariant() }
    if ($Value -is [datetime]) { return $Value.ToString('o', [cultureinfo]::InvariantCulture) }
    if ($Value -is [System.IFormattable]) { return $Value.ToString($null, [cultureinfo]::InvariantCulture) }
    [string] $Value
}

# The arguments that a bound parameter means; a list repeats its flag, a hashtable edits the list.
function ConvertTo-RcArgument {
    param([string] $Name, $Value)
    if ($Value -is [System.Collections.IDictionary]) {
        foreach ($key in $Value.Keys) {
            if ($key -notin 'Add', 'Remove') { throw "-$Name takes @{Add = ...; Remove = ...}, not '$key'." }
            ConvertTo-RcArgument -Name ($key + $Name) -Value $Value[$key]
        }
        return
    }
    $flag = ConvertTo-RcFlag -Name $Name
    if ($Value -is [array] -or $Value -is [System.Collections.IList]) {
        if ($Value.Count -eq 0) { return ($flag + '=') }
        foreach ($item in $Value) { $flag + '=' + (ConvertTo-RcText -Value $item) }
        return
    }
    $flag + '=' + (ConvertTo-RcText -Value $Value)
}

# What names a piped object: its Name, else its Identity; a text is the name itself.
function Get-RcName {
    param($Item)
    if ($Item -is [string]) { return $Item }
    foreach ($property in 'Name', 'Identity') {
        if ($null -ne $Item.PSObject.Properties[$property]) { return [string] $Item.PSObject.Properties[$property].Value }
    }
    [string] $Item
}

# What rc said on its standard error: warnings, What if and errors, each to the stream it belongs to.
function Write-RcMessage {
    param([System.Management.Automation.PSCmdlet] $Cmdlet, [string] $Text, [int] $ExitCode, [bool] $HasAnswer)
    # What it says to type is written as it is typed here: -MaxHopCount, not --max-hop-count.
    $typed = @{}
    foreach ($name in $Cmdlet.MyInvocation.MyCommand.Parameters.Keys) { $typed[(ConvertTo-RcFlag -Name $name)] = "-$name" }
    $Text = [regex]::Replace($Text, '(?<![\w-])--[a-z][a-z0-9-]*', { param($flag) $typed[$flag.Value] ?? $flag.Value })
    $messages = [System.Collections.Generic.List[string]]::new()
    foreach ($line in ($Text -split '\r?\n')) {
        if ($line -eq '') { continue }
        if ($line -match '^\s' -and $messages.Count -gt 0) {
            $last = $messages.Count - 1
            $messages[$last] = $messages[$last] + [System.Environment]::NewLine + $line
        }
        else { $messages.Add($line) }
    }
    $failed = $false
    foreach ($message in $messages) {
        if ($message.StartsWith('WARNING: ')) { $Cmdlet.WriteWarning($message.Substring(9)) }
        elseif ($message.StartsWith('VERBOSE: ')) { $Cmdlet.WriteVerbose($message.Substring(9)) }
        elseif ($ExitCode -eq 0 -or $message.StartsWith('What if: ')) { $Cmdlet.Host.UI.WriteLine($message) }
        else {
            $failed = $true
            $exception = [System.InvalidOperationException]::new(($message -replace '^[A-Za-z-]+: ', ''))
            $record = [System.Management.Automation.ErrorRecord]::new($exception, 'RcFailed', 'InvalidOperation', $null)
            $Cmdlet.WriteError($record)
        }
    }
    # 1 without a word is an answer: refused, different.
    if ($ExitCode -ne 0 -and -not $failed -and $Text -eq '' -and -not ($ExitCode -eq 1 -and $HasAnswer)) {
        $exception = [System.InvalidOperationException]::new('rc ended with exit code ' + $ExitCode + '.')
        $Cmdlet.WriteError([System.Management.Automation.ErrorRecord]::new($exception, 'RcFailed', 'InvalidOperation', $null))
    }
}

# One call of a cmdlet: parameters to flags, piped objects to NDJSON, its output to objects.
function Invoke-RcCmdlet {
    param(
        [System.Management.Automation.PSCmdlet] $Cmdlet,
        [System.Collections.Generic.Dictionary[string, object]] $Bound,
        [string] $Type,
        [string] $Pipeline = '',
        [object[]] $Piped = @(),
        [bool] $Expecting = $false,
        [string] $Reads = '',
        [switch] $Changes
    )
    # A module does not see the preferences of the script that calls it, as cmdlets do: $ErrorActionPreference = 'Stop', $WhatIfPreference.
    foreach ($common in 'ErrorAction', 'Warning', 'Information', 'Verbose', 'Debug', 'WhatIf', 'Confirm') {
        if ($Bound.ContainsKey($common)) { continue }
        Set-Variable -Name ($common + 'Preference') -Value $Cmdlet.SessionState.PSVariable.GetValue($common + 'Preference') -WhatIf:$false -Confirm:$false
    }
    $name = $Cmdlet.MyInvocation.MyCommand.Name
    $arguments = [System.Collections.Generic.List[string]]::new()
    $arguments.Add($name)
    foreach ($parameter in $Bound.Keys) {
        if ([System.Management.Automation.Cmdlet]::CommonParameters.Contains($parameter)) { continue }
        if ([System.Management.Automation.Cmdlet]::OptionalCommonParameters.Contains($parameter)) { continue }
        if ($parameter -eq $Pipeline -or $Bound[$parameter] -is [securestring]) { continue }
        if ($parameter -eq 'Wait' -and $Changes) { if ($Bound['Wait']) { $arguments.Add('--wait') }; continue }
        foreach ($argument in (ConvertTo-RcArgument -Name $parameter -Value $Bound[$parameter])) { $arguments.Add($argument) }
    }
    if ($VerbosePreference -eq 'Continue') { $arguments.Add('--verbose') }
    if ($Bound.ContainsKey('ErrorAction') -and $Bound['ErrorAction'] -in 'Stop', 'Continue', 'SilentlyContinue', 'Ignore') {
        # What is not to be shown is told all the same: it is PowerShell that keeps it, for -ErrorVariable and $Error.
        $action = if ($Bound['ErrorAction'] -in 'SilentlyContinue', 'Ignore') { 'Continue' } else { $Bound['ErrorAction'] }
        $arguments.Add('--error-action=' + $action)
    }
    if ($Reads -eq 'needed' -and $Piped.Count -eq 0) {
        if ($Expecting) { return }
        throw "$name needs -$Pipeline, or objects piped into it."
    }
    if ($Changes) {
        if ($WhatIfPreference) { $arguments.Add('--what-if') }
        else {
            $targets = @($Piped | ForEach-Object { Get-RcName -Item $_ }) -join ', '
            if ($targets -eq '' -and $Bound.ContainsKey('Name')) { $targets = [string] $Bound['Name'] }
            if (-not $Cmdlet.ShouldProcess($targets, $name)) { return }
            $arguments.Add('--confirm=false')
        }
    }
    $lines = [System.Collections.Generic.List[string]]::new()
    $areNames = @($Piped | Where-Object { $_ -isnot [string] }).Count -eq 0
    if ($Bound.ContainsKey('Password') -and $Bound['Password'] -is [securestring]) {
        # Standard input carries the password, so the objects go by their names.
        $arguments.Add('--password-stdin')
        $lines.Add([System.Net.NetworkCredential]::new('', $Bound['Password']).Password)
        $Piped = @($Piped | ForEach-Object { Get-RcName -Item $_ })
        $areNames = $true
    }
    if ($areNames) {
        if ($Piped.Count -gt 0) {
            $arguments.Add('--')
            foreach ($item in $Piped) { $arguments.Add($item) }
        }
    }
    else {
        if ($Reads -eq 'optional') { $arguments.Add('-') }
        foreach ($item in $Piped) {
            if ($item -is [string]) { $item = [pscustomobject] @{ Name = $item } }
            $lines.Add((ConvertTo-Json -InputObject (ConvertTo-RcPlain -Object $item) -Depth 6 -Compress))
        }
    }
    $result = Invoke-RcProcess -Arguments $arguments -Lines $lines
    foreach ($line in ($result.Output -split '\r?\n')) {
        if ($line.StartsWith('{') -and $line.EndsWith('}')) {
            $object = ConvertFrom-Json -InputObject $line
            $object.PSObject.TypeNames.Insert(0, $Type)
            ConvertTo-RcTyped -Object $object
        }
        elseif ($line -ne '') { $line }
    }
    Write-RcMessage -Cmdlet $Cmdlet -Text $result.Errors -ExitCode $result.ExitCode -HasAnswer ($result.Output -ne '')
}

# Values that only rc knows: names in the store, members of a set.
$completer = {
    param($commandName, $parameterName, $wordToComplete, $commandAst, $boundParameters)
    $typed = $wordToComplete.Trim([char] 39, [char] 34)
    $result = Invoke-RcProcess -Arguments '__complete', 'zsh', $commandName, ('-' + $parameterName), $typed -Lines @()
    foreach ($line in ($result.Output -split '\r?\n' | Select-Object -Skip 1)) {
        if ($line -eq '') { continue }
        $value = ($line -split '\t')[0]
        $text = $value
        if ($value -notmatch '^[\w.:/-]+$') { $text = "'" + $value.Replace("'", "''") + "'" }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $value)
    }
}
`;

/** @param names the functions that people see; what serves them stays inside */
export function moduleEnd(names: readonly string[]): string {
  return `
Export-ModuleMember -Function ${names.join(', ')}
} | Import-Module -Global -Force -DisableNameChecking
`;
}
