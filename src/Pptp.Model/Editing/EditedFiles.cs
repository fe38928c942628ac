using System.Text;

namespace Pptp.Model.Editing;

/// <summary>The configuration's files while a change is made: their bytes as read, their texts as they are to be.</summary>
internal sealed class EditedFiles
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, byte[]> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <param name="paths">The main file first.</param>
    /// <exception cref="IOException">One cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">One may not be read.</exception>
    /// <exception cref="DecoderFallbackException">One is no text.</exception>
    internal EditedFiles(IReadOnlyList<string> paths)
    {
        Paths = paths;
        foreach (string path in paths)
        {
            byte[] bytes = File.ReadAllBytes(path);
            _read[path] = bytes;
            _texts[path] = Utf8.GetString(bytes.AsSpan(MarkLength(bytes)..));
        }
    }

    internal IReadOnlyList<string> Paths { get; }

    internal string Main => Paths[0];

    internal IReadOnlyDictionary<string, string> Texts => _texts;

    internal string this[string path]
    {
        get => _texts[path];
        set => _texts[path] = value;
    }

    /// <summary>Every table of the name, in the order the files are read.</summary>
    internal IEnumerable<(string Path, TablePlace Table)> Tables(string name) => Paths.SelectMany(
        path => TomlPlaces.Find(_texts[path]).Where(table => table.Name == name).Select(table => (path, table)));

    /// <summary>The files whose texts have changed, with their bytes before and after.</summary>
    internal IReadOnlyList<(string Path, byte[] Before, byte[] After)> Changes()
    {
        List<(string, byte[], byte[])> changes = [];
        foreach (string path in Paths)
        {
            byte[] before = _read[path];
            byte[] after = [.. before.AsSpan(..MarkLength(before)), .. Utf8.GetBytes(_texts[path])];
            if (!after.AsSpan().SequenceEqual(before))
            {
                changes.Add((path, before, after));
            }
        }

        return changes;
    }

    private static int MarkLength(byte[] bytes) =>
        bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
}
