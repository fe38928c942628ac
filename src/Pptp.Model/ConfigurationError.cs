using System.Globalization;
using Pptp.Model.Vocabulary;

namespace Pptp.Model;

/// <summary>One thing found wrong, or worth knowing, in a configuration. It never holds a secret.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">Counted from 1; 0 when it concerns the whole file.</param>
/// <param name="Column">Counted from 1; 0 when it concerns the whole file.</param>
/// <param name="Key">Table and property, <c>ppp-secret.profile</c>; the table alone; or empty.</param>
/// <param name="Message">One line without the key.</param>
/// <param name="Severity">Whether the configuration can be used nevertheless.</param>
public sealed record ConfigurationError(
    string File, int Line, int Column, string Key, string Message, ConfigurationSeverity Severity)
{
    /// <summary><c>pptpd.toml:12:11: error: pptp-server.max-mtu: must be ...</c>.</summary>
    public override string ToString()
    {
        string file = TomlText.Escape(File);
        string place = Line == 0 ? file : string.Create(CultureInfo.InvariantCulture, $"{file}:{Line}:{Column}");
        string word = Severity == ConfigurationSeverity.Error ? "error" : "warning";
        return Key.Length == 0 ? $"{place}: {word}: {Message}" : $"{place}: {word}: {Key}: {Message}";
    }
}
