using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Pptp.Testing.Serving;

/// <summary>A run of the load generator as a program of its own: how it ended, and the figures it wrote.</summary>
public sealed class LoadRun
{
    private readonly List<(string Name, string Unit, double Value)> _figures = [];

    private LoadRun(int exitCode, string output)
    {
        ExitCode = exitCode;
        Output = output;
    }

    /// <summary>0: every tunnel came up and stayed up; 1: not; 2: asked wrongly.</summary>
    public int ExitCode { get; }

    /// <summary>All it printed.</summary>
    public string Output { get; }

    /// <summary>Why tunnels failed, and how many of them each.</summary>
    public IReadOnlyDictionary<string, int> Failures => Reasons("failed: ");

    /// <summary>Why tunnels that were up ended unasked, and how many of them each.</summary>
    public IReadOnlyDictionary<string, int> Losses => Reasons("lost: ");

    /// <summary>A figure by its name, and by its unit where there are several of that name.</summary>
    public double this[string name, string? unit = null] =>
        _figures.First(figure => figure.Name == name && (unit ?? figure.Unit) == figure.Unit).Value;

    /// <summary>Runs "load" with arguments to its end.</summary>
    /// <param name="network">Where it runs; null: here, or where <paramref name="before"/> leads.</param>
    /// <param name="timeout">It is killed then.</param>
    /// <param name="arguments">As on its command line.</param>
    /// <param name="before">A command that goes before it, such as "ip netns exec lab".</param>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public static LoadRun Start(
        NetworkNamespace? network, TimeSpan timeout, IEnumerable<string> arguments, params string[] before)
    {
        string json = Path.GetTempFileName();
        try
        {
            string[] command = [.. before, .. Repository.LoadCommand(), .. arguments, "--json", json];
            (int exitCode, string output) = Run(network, command, timeout);
            LoadRun run = new(exitCode, output);
            if (new FileInfo(json).Length > 0)
                run.ReadFigures(json);
            return run;
        }
        finally
        {
            File.Delete(json);
        }
    }

    public override string ToString() => $"{Output}\n(exit status {ExitCode})";

    private static (int ExitCode, string Output) Run(
        NetworkNamespace? network, string[] command, TimeSpan timeout)
    {
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo(command[0], command.Skip(1))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        StringBuilder output = new();
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        // A child lives in the namespaces of the thread that made it.
        if (network is null)
            process.Start();
        else
            network.Invoke(() => process.Start());
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(timeout))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            throw new TimeoutException($"the load generator still runs after {timeout.TotalSeconds:0} s\n{output}");
        }

        process.WaitForExit();
        return (process.ExitCode, output.ToString());

        void Append(string? line)
        {
            lock (output)
                output.AppendLine(line);
        }
    }

    private void ReadFigures(string file)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
        foreach (JsonElement figure in json.RootElement.GetProperty("figures").EnumerateArray())
        {
            _figures.Add((
                figure.GetProperty("name").GetString()!,
                figure.GetProperty("unit").GetString()!,
                figure.GetProperty("value").GetDouble()));
        }
    }

    private Dictionary<string, int> Reasons(string prefix) => _figures
        .Where(figure => figure.Name.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(figure => figure.Name[prefix.Length..], figure => (int)figure.Value);
}
