using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Pptp.Benchmarks;

/// <summary>All figures of a run, and what was left out of it.</summary>
internal sealed class Report
{
    private readonly List<Figure> _figures = [];
    private readonly List<string> _absent = [];
    private readonly List<TargetResult> _rows = [];
    private readonly List<(string Key, string Value)> _conditions =
    [
        ("benchmarks", IsNative ? "native" : "JIT"),
        ("runtime", RuntimeInformation.FrameworkDescription),
        ("kernel", RuntimeInformation.OSDescription),
        ("processors", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>A native executable has no list of assemblies to load.</summary>
    private static bool IsNative => AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is null;

    public void Add(string group, string name, double value, string unit) =>
        _figures.Add(new Figure(group, name, value, unit));

    /// <summary>A row of the table at the end.</summary>
    /// <param name="number">See <see cref="Target.All"/>.</param>
    /// <param name="rounds">A value of each round.</param>
    /// <param name="remark">What else is to be known of it.</param>
    public void AddRow(int number, IReadOnlyList<double> rounds, string remark = "") =>
        _rows.Add(new TargetResult(Target.Of(number), rounds, remark));

    /// <summary>Something of the surroundings the figures depend on.</summary>
    public void AddCondition(string key, string value) => _conditions.Add((key, value));

    /// <summary>What could not be measured, and why.</summary>
    public void AddAbsence(string what) => _absent.Add(what);

    public void Print(TextWriter output)
    {
        output.WriteLine();
        foreach ((string key, string value) in _conditions)
            output.WriteLine($"{key,-12} {value}");
        string? group = null;
        foreach (Figure figure in _figures)
        {
            if (figure.Group != group)
            {
                group = figure.Group;
                output.WriteLine();
                output.WriteLine(group);
            }

            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {figure.Name,-52} {Format(figure.Value),10} {figure.Unit}"));
        }

        output.WriteLine();
        foreach (string absence in _absent)
            output.WriteLine($"not measured: {absence}");
        PrintRows(output);
    }

    private void PrintRows(TextWriter output)
    {
        if (_rows.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine($"{"median",9} {"min",8} {"max",8} {"target",7} {"floor",6}  rows of the table");
        foreach (Target target in Target.All)
        {
            foreach (TargetResult row in _rows.Where(row => row.Target == target))
            {
                string text = target.Number < 60 ? $"{target.Number} {target.Text}" : target.Text;
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Format(row.Median),9} {Format(row.Rounds.Min()),8} {Format(row.Rounds.Max()),8} {target.Goal,7} {target.Floor,6}  {text}: {target.Judge(row.Median)} ({row.Rounds.Count} rounds{(row.Remark.Length > 0 ? "; " : "")}{row.Remark})"));
            }
        }
    }

    public void WriteJson(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        using FileStream file = File.Create(path);
        using Utf8JsonWriter json = new(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("at", DateTimeOffset.UtcNow);
        json.WriteStartObject("conditions");
        foreach ((string key, string value) in _conditions)
            json.WriteString(key, value);
        json.WriteEndObject();
        json.WriteStartArray("figures");
        foreach (Figure figure in _figures)
        {
            json.WriteStartObject();
            json.WriteString("group", figure.Group);
            json.WriteString("name", figure.Name);
            json.WriteNumber("value", Math.Round(figure.Value, 4));
            json.WriteString("unit", figure.Unit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("table");
        foreach (TargetResult row in _rows)
            WriteRow(json, row);
        json.WriteEndArray();
        json.WriteStartArray("not measured");
        foreach (string absence in _absent)
            json.WriteStringValue(absence);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter json, TargetResult row)
    {
        json.WriteStartObject();
        json.WriteNumber("row", row.Target.Number < 60 ? row.Target.Number : row.Target.Number / 10);
        json.WriteString("figure", row.Target.Text);
        json.WriteNumber("median", Math.Round(row.Median, 4));
        json.WriteString("unit", row.Target.Unit);
        json.WriteNumber("target", row.Target.Goal);
        json.WriteNumber("floor", row.Target.Floor);
        json.WriteString("verdict", row.Target.Judge(row.Median));
        json.WriteStartArray("rounds");
        foreach (double round in row.Rounds)
            json.WriteNumberValue(Math.Round(round, 4));
        json.WriteEndArray();
        json.WriteString("remark", row.Remark);
        json.WriteEndObject();
    }

    private static string Format(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
