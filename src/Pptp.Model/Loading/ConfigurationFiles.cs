using System.Globalization;
using System.IO.Enumeration;
using System.Text;
using System.Text.Unicode;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Reads files, and finds those a configuration includes.</summary>
internal static class ConfigurationFiles
{
    internal const string IncludeKey = "include";

    /// <summary>The largest file that is read, in octets: well over 100,000 secrets.</summary>
    internal const int LargestFile = 16 << 20;

    /// <summary>The file's text, or null and an error.</summary>
    internal static string? ReadText(string path, FileFindings findings)
    {
        string? text = ReadText(path, LargestFile, out string? problem);
        if (problem is not null)
        {
            findings.Error(problem);
        }

        return text;
    }

    /// <summary>The file's text, or null and why not.</summary>
    internal static string? ReadText(string path, int largest, out string? problem)
    {
        try
        {
            if (Directory.Exists(path))
            {
                problem = "is a folder, not a file";
                return null;
            }

            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[]? bytes = ReadBytes(stream, largest);
            if (bytes is null)
            {
                problem = $"is too large: at most {largest} bytes are read";
                return null;
            }

            ReadOnlySpan<byte> content = bytes;
            if (content.StartsWith(Encoding.UTF8.Preamble))
            {
                content = content[Encoding.UTF8.Preamble.Length..];
            }

            problem = Utf8Problem(content);
            return problem is null ? Encoding.UTF8.GetString(content) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problem = "there is no such file";
        }
        catch (UnauthorizedAccessException)
        {
            problem = "may not be read: permission denied";
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            problem = $"cannot be read: {TomlText.Escape(e.Message)}";
        }
        catch (ArgumentException)
        {
            problem = "is not the name of a file";
        }

        return null;
    }

    /// <summary>Warns when others than owner and group may read a file that holds secrets.</summary>
    internal static bool IsWorldReadable(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() && File.Exists(path)
                && File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherRead);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>A path as written in a file, seen from that file's folder.</summary>
    internal static string Resolve(string file, string path) =>
        Path.Combine(Path.GetDirectoryName(file) ?? "", path);

    /// <summary>The files the main file's <c>include</c> names, sorted within a pattern, each once.</summary>
    internal static IReadOnlyList<string> Include(ConfigurationDocument main, FileFindings findings)
    {
        List<string> files = [];
        HashSet<string> seen = new(StringComparer.Ordinal) { FullPath(main.Findings.File) };
        foreach (ConfigurationEntry entry in main.Root.Where(entry => entry.Key == IncludeKey))
        {
            foreach (ConfigurationValue.Text pattern in Patterns(entry.Value, findings))
            {
                files.AddRange(Expand(main.Findings.File, pattern, findings).Where(file => seen.Add(FullPath(file))));
            }
        }

        return files;
    }

    private static IEnumerable<ConfigurationValue.Text> Patterns(ConfigurationValue value, FileFindings findings)
    {
        IEnumerable<ConfigurationValue> items = value is ConfigurationValue.List list ? list.Items : [value];
        foreach (ConfigurationValue item in items)
        {
            if (item is ConfigurationValue.Text { Value.Length: > 0 } text
                && !text.Value.Contains('\0', StringComparison.Ordinal))
            {
                yield return text;
            }
            else
            {
                findings.Error(item.Position, IncludeKey, $"must be a list of file names, not {item.Display}");
            }
        }
    }

    private static List<string> Expand(string main, ConfigurationValue.Text pattern, FileFindings findings)
    {
        string name = Path.GetFileName(pattern.Value);
        if (pattern.Value.AsSpan(..^name.Length).IndexOfAny('*', '?') >= 0)
        {
            findings.Error(pattern.Position, IncludeKey, "takes * and ? in the file name only, not in folders");
            return [];
        }

        string path = Resolve(main, pattern.Value);
        if (name.AsSpan().IndexOfAny('*', '?') < 0)
        {
            return [path];
        }

        string folder = Path.GetDirectoryName(path) ?? "";

        try
        {
            // Hidden files are left out as a shell does: editors and volume mounts keep their own copies in them.
            return Directory.EnumerateFiles(folder.Length == 0 ? "." : folder)
                .Select(file => Path.GetFileName(file))
                .Where(file => file[0] != '.' && FileSystemName.MatchesSimpleExpression(name, file, ignoreCase: false))
                .Order(StringComparer.Ordinal)
                .Select(file => Path.Combine(folder, file))
                .ToList();
        }
        catch (DirectoryNotFoundException)
        {
            return []; // nothing there is what a pattern may match
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            findings.Error(pattern.Position, IncludeKey, $"{TomlText.Escape(folder)}: {TomlText.Escape(e.Message)}");
            return [];
        }
    }

    private static string? Utf8Problem(ReadOnlySpan<byte> content)
    {
        if (Utf8.IsValid(content))
        {
            return null;
        }

        int line = 1;
        ReadOnlySpan<byte> rest = content;
        while (rest.IndexOf((byte)'\n') is var end and >= 0 && Utf8.IsValid(rest[..end]))
        {
            rest = rest[(end + 1)..];
            line++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"is not UTF-8 text, first on line {line}");
    }

    private static string FullPath(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            return path;
        }
    }

    // Not by the length the file claims: a pipe or a device has none.
    private static byte[]? ReadBytes(FileStream stream, int largest)
    {
        using MemoryStream content = new();
        byte[] buffer = new byte[81920];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            content.Write(buffer, 0, read);
            if (content.Length > largest)
            {
                return null;
            }
        }

        return content.ToArray();
    }
}
