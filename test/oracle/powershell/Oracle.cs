// Runs texts in one runspace and says, as JSON, what each wrote to every stream and what its values are.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

public static class Oracle
{
    static readonly JsonSerializerOptions Plain = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Serve(string connectors)
    {
        var culture = (CultureInfo)CultureInfo.GetCultureInfo("en-US").Clone();
        // The one thing of ours in PowerShell's culture: dates show as ISO 8601 has them, in 24 hours.
        culture.DateTimeFormat.ShortDatePattern = "yyyy-MM-dd";
        culture.DateTimeFormat.ShortTimePattern = "HH:mm";
        culture.DateTimeFormat.LongTimePattern = "HH:mm:ss";
        culture.NumberFormat.NumberDecimalDigits = 2;
        culture.NumberFormat.PercentDecimalDigits = 2;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = culture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en-US");
        var state = InitialSessionState.CreateDefault2();
        state.ThreadOptions = PSThreadOptions.ReuseThread;
        using var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
        Prepare(runspace, connectors);
        var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        output.WriteLine("{\"ready\":true}");
        using var input = new StreamReader(Console.OpenStandardInput());
        for (string line; (line = input.ReadLine()) != null;)
        {
            var request = JsonNode.Parse(line);
            output.WriteLine(Run(runspace, request).ToJsonString(Plain));
            Tidy(Directory.GetCurrentDirectory());
        }
    }

    // The next text begins in an empty folder.
    static void Tidy(string folder)
    {
        foreach (var file in Directory.GetFiles(folder)) File.Delete(file);
        foreach (var within in Directory.GetDirectories(folder)) Directory.Delete(within, true);
    }

    static void Prepare(Runspace runspace, string connectors)
    {
        using var ps = PowerShell.Create();
        ps.Runspace = runspace;
        ps.AddScript(Start).AddArgument(Stubs(JsonNode.Parse(connectors).AsArray())).Invoke();
        foreach (var error in ps.Streams.Error) Console.Error.WriteLine(error);
    }

    const string Start = @"
param($all)
$global:PSStyle.OutputRendering = 'PlainText'
$global:OracleConnectors = $all
# Aliases that PowerShell has on Windows only, where no program has the name.
foreach ($pair in ('sort', 'Sort-Object'), ('tee', 'Tee-Object'), ('diff', 'Compare-Object'), ('compare', 'Compare-Object'), ('sleep', 'Start-Sleep'), ('cat', 'Get-Content'), ('write', 'Write-Output'), ('type', 'Get-Content'), ('ls', 'Get-ChildItem'), ('rm', 'Remove-Item')) {
    Set-Alias -Scope Global -Force -Name $pair[0] -Value $pair[1]
}
function global:Get-ReceiveConnector {
    param($Identity = '*')
    $global:OracleConnectors | Where-Object { $_.Name -like $Identity -or ""$($_.Identity)"" -like $Identity }
}
Update-TypeData -TypeName Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector -MemberType ScriptMethod -MemberName ToString -Value { ""$($this.Identity)"" } -Force
$view = Join-Path ([System.IO.Path]::GetTempPath()) ""oracle-$PID.format.ps1xml""
Set-Content $view '<Configuration><ViewDefinitions><View><Name>c</Name><ViewSelectedBy><TypeName>Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector</TypeName></ViewSelectedBy><TableControl><TableHeaders><TableColumnHeader/><TableColumnHeader/><TableColumnHeader/></TableHeaders><TableRowEntries><TableRowEntry><TableColumnItems><TableColumnItem><PropertyName>Identity</PropertyName></TableColumnItem><TableColumnItem><PropertyName>Bindings</PropertyName></TableColumnItem><TableColumnItem><PropertyName>Enabled</PropertyName></TableColumnItem></TableColumnItems></TableRowEntry></TableRowEntries></TableControl></View></ViewDefinitions></Configuration>'
Update-FormatData -PrependPath $view
Remove-Item $view
";

    static PSObject[] Stubs(JsonArray all) => all.Select(node =>
    {
        var connector = new PSObject();
        connector.TypeNames.Insert(0, "Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector");
        foreach (var property in node.AsArray())
            connector.Properties.Add(new PSNoteProperty((string)property[0], Typed((string)property[1], property[2])));
        return connector;
    }).ToArray();

    static object Typed(string type, JsonNode value)
    {
        if (value == null) return null;
        return type switch
        {
            "size" => Microsoft.Exchange.Data.ByteQuantifiedSize.Parse((string)value),
            "limit" => Microsoft.Exchange.Data.Unlimited<int>.Parse((string)value),
            "span" => Microsoft.Exchange.Data.EnhancedTimeSpan.Parse((string)value),
            "bindings" => new Microsoft.Exchange.Data.MultiValuedProperty<Microsoft.Exchange.Data.IPBinding>(value.AsArray().Select(one => new Microsoft.Exchange.Data.IPBinding((string)one)).ToArray()),
            "ranges" => new Microsoft.Exchange.Data.MultiValuedProperty<Microsoft.Exchange.Data.IPRange>(value.AsArray().Select(one => Microsoft.Exchange.Data.IPRange.Parse((string)one)).ToArray()),
            "texts" => new Microsoft.Exchange.Data.MultiValuedProperty<string>(value.AsArray().Select(one => (string)one).ToArray()),
            "auth" => Enum.Parse<Microsoft.Exchange.Data.AuthMechanisms>((string)value),
            "groups" => Enum.Parse<Microsoft.Exchange.Data.PermissionGroups>((string)value),
            "logging" => Enum.Parse<Microsoft.Exchange.Data.ProtocolLoggingLevel>((string)value),
            "role" => Enum.Parse<Microsoft.Exchange.Data.ServerRole>((string)value),
            "id" => new Microsoft.Exchange.Data.ADObjectId((string)value),
            "fqdn" => new Microsoft.Exchange.Data.Fqdn((string)value),
            "date" => DateTimeOffset.Parse((string)value, CultureInfo.InvariantCulture).LocalDateTime,
            "guid" => Guid.Parse((string)value),
            "bool" => (bool)value,
            "int" => (int)value,
            _ => (string)value,
        };
    }

    static JsonNode Run(Runspace runspace, JsonNode request)
    {
        var answer = new JsonObject();
        using var ps = PowerShell.Create();
        ps.Runspace = runspace;
        ps.AddScript("$global:Error.Clear(); $global:LASTEXITCODE = $null").Invoke();
        ps.Commands.Clear();
        ps.Streams.ClearStreams();
        ps.AddScript((string)request["text"], true);
        var values = new PSDataCollection<PSObject>();
        ErrorRecord stopped = null;
        var input = request["input"] is JsonArray lines ? new PSDataCollection<string>(lines.Select(line => (string)line)) : null;
        input?.Complete();
        try
        {
            var running = input == null ? ps.BeginInvoke<PSObject, PSObject>(null, values) : ps.BeginInvoke(input, values);
            if (!running.AsyncWaitHandle.WaitOne(10_000)) { ps.Stop(); answer["timeout"] = true; }
            ps.EndInvoke(running);
        }
        catch (ParseException exception) { answer["refused"] = exception.Errors[0].Message; }
        catch (RuntimeException exception) { stopped = new ErrorRecord(exception.ErrorRecord, exception); }
        catch (Exception exception) { answer["refused"] = exception.Message; }
        var errors = ps.Streams.Error.Concat(stopped == null ? Enumerable.Empty<ErrorRecord>() : new[] { stopped }).Select(error => (JsonNode)new JsonObject
        {
            ["message"] = error.ErrorDetails?.Message ?? error.Exception.Message,
            ["id"] = error.FullyQualifiedErrorId,
            ["category"] = error.CategoryInfo.ToString(),
            ["type"] = error.Exception.GetType().FullName,
        }).ToArray();
        if (errors.Length > 0) answer["errors"] = new JsonArray(errors);
        if (stopped != null) answer["stopped"] = true;
        Stream(answer, "warnings", ps.Streams.Warning.Select(record => record.Message));
        Stream(answer, "verbose", ps.Streams.Verbose.Select(record => record.Message));
        Stream(answer, "debug", ps.Streams.Debug.Select(record => record.Message));
        Stream(answer, "said", ps.Streams.Information.Select(record => record.MessageData is HostInformationMessage said ? said.Message + (said.NoNewLine == true ? "" : "\n") : record.MessageData + "\n"));
        try
        {
            using var format = PowerShell.Create();
            format.Runspace = runspace;
            format.AddCommand("Out-String").AddParameter("Width", (int?)request["width"] ?? 120);
            answer["out"] = string.Concat(format.Invoke<string>(values));
            answer["values"] = new JsonArray(values.Where(value => value == null || value.BaseObject.GetType().Namespace != "Microsoft.PowerShell.Commands.Internal.Format").Select(value => Describe(value, 0)).ToArray());
        }
        catch (Exception exception) { answer["out"] = "(cannot be shown) " + exception.Message; }
        return answer;
    }

    static void Stream(JsonObject answer, string name, IEnumerable<string> lines)
    {
        var all = lines.Select(line => (JsonNode)line).ToArray();
        if (all.Length > 0) answer[name] = new JsonArray(all);
    }

    /// A value with its type, as far as a reader of the recording needs it: docs in ../answer.ts.
    static JsonNode Describe(object value, int depth)
    {
        var shell = value as PSObject;
        if (shell != null) value = shell.BaseObject;
        if (depth > 6) return Tagged("deep", "");
        switch (value)
        {
            case null: return null;
            case string text: return text;
            case bool truth: return truth;
            case char letter: return Tagged("char", letter.ToString());
            case Enum member: return member.ToString();
            case int or long or short or byte or sbyte or ushort or uint or ulong: return JsonValue.Create(Convert.ToDecimal(value));
            case double or float: return Real(Convert.ToDouble(value));
            case decimal exact: return Tagged("decimal", exact.ToString(CultureInfo.InvariantCulture));
            case DateTime date: return Tagged("date", date.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));
            case TimeSpan span: return Tagged("span", span.ToString("c"));
            case Microsoft.Exchange.Data.EnhancedTimeSpan span: return Tagged("span", span.ToString());
            case Microsoft.Exchange.Data.Unlimited<int> limit when !limit.IsUnlimited: return limit.Value;
            case ErrorRecord error: return Tagged("error", error.ToString());
            case ScriptBlock block: return Tagged("block", block.ToString());
                        case IDictionary table:
                var pairs = table.Keys.Cast<object>().Select(key => (Key: key.ToString(), Value: table[key]));
                pairs = pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal);
                return new JsonObject { ["table"] = new JsonArray(pairs.Select(pair => (JsonNode)new JsonArray(pair.Key, Describe(pair.Value, depth + 1))).ToArray()) };
            case PSCustomObject when shell.TypeNames[0].EndsWith(".ReceiveConnector"): return Tagged("connector", shell.Properties["Identity"].Value.ToString());
            case DictionaryEntry:
            case object info when System.Text.RegularExpressions.Regex.IsMatch(info.GetType().Name, "^(GroupInfo|.*MeasureInfo|MemberDefinition)"):
                return new JsonObject { ["object"] = new JsonArray(new PSObject(value).Properties.OrderBy(property => property.Name, StringComparer.Ordinal).Select(property => (JsonNode)new JsonArray(property.Name, Describe(Read(property), depth + 1))).ToArray()) };
            case PSCustomObject:
                return new JsonObject { ["object"] = new JsonArray(shell.Properties.Select(property => (JsonNode)new JsonArray(property.Name, Describe(Read(property), depth + 1))).ToArray()) };
            case IEnumerable many:
                return new JsonArray(many.Cast<object>().Select(one => Describe(one, depth + 1)).ToArray());
        }
        return shell?.ToString() ?? value.ToString();
    }

    static object Read(PSPropertyInfo property)
    {
        try { return property.Value; } catch (Exception) { return null; }
    }

    static JsonNode Real(double number)
    {
        if (double.IsFinite(number) && number != Math.Floor(number)) return number;
        return Tagged("double", number.ToString("R", CultureInfo.InvariantCulture));
    }

    static JsonNode Tagged(string kind, string text) => new JsonObject { [kind] = text };
}
