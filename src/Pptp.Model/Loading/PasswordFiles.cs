using Pptp.Model.Types;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Reads passwords from the files that rows name, and warns of files that everyone can read.</summary>
internal sealed class PasswordFiles(FindingList findings)
{
    // A password of 256 characters has at most 4 octets for each, and the newline.
    private const int LargestFile = 4096;

    // Each is looked at once.
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Reads the rows' passwords, each of which is kept in this property.</summary>
    internal void Read<TRow>(
        IReadOnlyList<LoadedRow<TRow>> rows,
        string property,
        Func<TRow, SecretValue?> get,
        Func<TRow, SecretValue, TRow> with)
    {
        foreach (LoadedRow<TRow> row in rows)
        {
            switch (get(row.Value))
            {
                case { Kind: SecretKind.File, Path: { } named, Password: null }:
                    Read(row, property, named, with);
                    break;
                case { Kind: not SecretKind.File }:
                    WarnOfReadable(row.Findings.File);
                    break;
            }
        }
    }

    private void Read<TRow>(
        LoadedRow<TRow> row, string property, string named, Func<TRow, SecretValue, TRow> with)
    {
        string path = ConfigurationFiles.Resolve(row.Findings.File, named);
        string? text = ConfigurationFiles.ReadText(path, LargestFile, out string? problem);
        string password = TrimNewline(text ?? "");
        problem ??= password.Length == 0 ? "is empty" : PasswordType.Problem(password);
        if (problem is not null)
        {
            row.Error(property, $"{TomlText.Escape(path)} {problem}");
            return;
        }

        row.Value = with(row.Value, SecretValue.FromFile(named, password));
        if (_seen.Add(path) && ConfigurationFiles.IsWorldReadable(path))
        {
            row.Warning(property, $"{TomlText.Escape(path)} can be read by everyone; chmod o-r mends it");
        }
    }

    private void WarnOfReadable(string file)
    {
        if (_seen.Add(file) && ConfigurationFiles.IsWorldReadable(file))
        {
            findings.OfFile(file).Warning("holds secrets and can be read by everyone; chmod o-r mends it");
        }
    }

    // What echo and editors put at the end belongs to the file, not to the password.
    private static string TrimNewline(string text) => text switch
    {
        [.. var line, '\r', '\n'] => line,
        [.. var line, '\n'] => line,
        _ => text,
    };
}
