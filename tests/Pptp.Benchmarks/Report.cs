using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Pptp.Benchmarks;

/// <summary>All figures of a run, and what was left out of it.</summary>
internal sealed class Report
{
    private readonly List<Figure> _figures = [];
    private readonly List<string> _absent = [];
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
        json.WriteStartArray("not measured");
        foreach (string absence in _absent)
            json.WriteStringValue(absence);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Format(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
