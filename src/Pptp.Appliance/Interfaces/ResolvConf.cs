using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pptp.Appliance.Interfaces;

/// <summary>
/// What we put into the text of a resolv.conf, and how it is taken out again. Every line of ours is known by a mark, so
/// that the rest may change meanwhile and comes back to the octet.
/// </summary>
internal static class ResolvConf
{
    private const string Keyword = "nameserver";

    /// <summary>Begins the line before our name servers; it ends with a list of them.</summary>
    private const string BlockMark = "# pptpd: the name servers of ";

    /// <summary>Before a line of somebody else that does not count while we are here.</summary>
    private const string AsideMark = "#pptpd# ";

    /// <summary>Ours first, since the C library asks the first three alone.</summary>
    /// <param name="text">Without marks of ours.</param>
    /// <param name="clients">Whose servers they are.</param>
    /// <param name="servers">At least one.</param>
    /// <param name="exclusively">Whether the other servers are set aside.</param>
    public static string Insert(
        string text, IEnumerable<string> clients, IReadOnlyList<IPAddress> servers, bool exclusively)
    {
        StringBuilder result = new();
        result.Append(BlockMark).AppendJoin(", ", clients).Append(": ").AppendJoin(' ', servers).Append('\n');
        foreach (IPAddress server in servers)
            result.Append(LineOf(server.ToString())).Append('\n');
        foreach (string line in LinesOf(text))
            result.Append(exclusively && IsNameServer(line) ? AsideMark : "").Append(line);
        return result.ToString();
    }

    /// <summary>Takes out all that is ours.</summary>
    public static string Strip(string text)
    {
        StringBuilder result = new(text.Length);
        Queue<string> ours = [];
        foreach (string line in LinesOf(text))
        {
            string bare = line.TrimEnd('\n', '\r');
            if (bare.StartsWith(BlockMark, StringComparison.Ordinal))
            {
                string servers = bare[(bare.LastIndexOf(':') + 1)..];
                ours = new(servers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(LineOf));
            }
            else if (ours.TryPeek(out string? expected) && bare == expected)
            {
                ours.Dequeue();
            }
            else
            {
                // The host's own may be the same as one of ours.
                ours.Clear();
                bool isAside = line.StartsWith(AsideMark, StringComparison.Ordinal);
                result.Append(isAside ? line.AsSpan(AsideMark.Length) : line);
            }
        }
        return result.ToString();
    }

    /// <summary>The servers of IPv4 that are asked.</summary>
    public static IEnumerable<IPAddress> NameServers(string text) => LinesOf(text)
        .Where(IsNameServer)
        .Select(line => IPAddress.TryParse(line[Keyword.Length..].Trim(), out IPAddress? address) ? address : null)
        .OfType<IPAddress>()
        .Where(address => address.AddressFamily == AddressFamily.InterNetwork);

    private static bool IsNameServer(string line) =>
        line.StartsWith(Keyword, StringComparison.Ordinal)
        && line.Length > Keyword.Length
        && line[Keyword.Length] is ' ' or '\t';

    private static string LineOf(string server) => $"{Keyword} {server}";

    /// <summary>Each with its line end; the last may have none.</summary>
    private static IEnumerable<string> LinesOf(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            yield return text[at..end];
            at = end;
        }
    }
}
