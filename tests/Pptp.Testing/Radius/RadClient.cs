using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;

namespace Pptp.Testing.Radius;

/// <summary>FreeRADIUS' radclient: asks a RADIUS server, or tells ours to change or end a session.</summary>
[SupportedOSPlatform("linux")]
public static partial class RadClient
{
    /// <summary>Sends one request and waits for the answer, three tries of two seconds.</summary>
    /// <param name="network">Where it runs; null: where this thread is.</param>
    /// <param name="server">Address and port: <c>192.0.2.1:3799</c>.</param>
    /// <param name="command"><c>auth</c>, <c>acct</c>, <c>status</c>, <c>coa</c> or <c>disconnect</c>.</param>
    /// <param name="secret">Shared with the server.</param>
    /// <param name="attributes">As its manual has it: <c>User-Name = "alice"</c>, one on a line.</param>
    /// <param name="tries">How often it is sent before nobody answers.</param>
    public static async Task<RadClientReply> SendAsync(
        NetworkNamespace? network, string server, string command, string secret, string attributes, int tries = 3)
    {
        // -x shows the packets with their attributes.
        string count = tries.ToString(CultureInfo.InvariantCulture);
        using Process process = new()
        {
            StartInfo = new("radclient", ["-x", "-r", count, "-t", "2", server, command, secret])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        if (network is null)
        {
            process.Start();
        }
        else
        {
            network.Invoke(() => process.Start());
        }

        await process.StandardInput.WriteAsync(attributes.ReplaceLineEndings("\n") + "\n").ConfigureAwait(false);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        output += await errors.ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return Read(output);
    }

    private static RadClientReply Read(string output)
    {
        string? code = null;
        Dictionary<string, string> attributes = new(StringComparer.Ordinal);
        foreach (string line in output.Split('\n'))
        {
            if (Received().Match(line) is { Success: true } received)
            {
                code = received.Groups[1].Value;
            }
            else if (code is not null && line.StartsWith('\t') && line.Split(" = ", 2) is [var name, var value])
            {
                attributes.TryAdd(name.Trim(), value.Trim('"'));
            }
        }

        return new(code, attributes, output);
    }

    [GeneratedRegex("^Received (\\S+) Id ")]
    private static partial Regex Received();
}
