using System.Text;

namespace Pptp.Linux;

/// <summary>
/// Reads libnftables' errors: a line "Error: ...", the command line as it was given, and a line that marks the place
/// with ^ and ~ under it.
/// </summary>
internal static class NftablesErrors
{
    private const string Word = "Error: ";

    /// <param name="text">The error buffer of a run with a single line of commands.</param>
    internal static IReadOnlyList<NftablesError> Read(ReadOnlySpan<byte> text)
    {
        // One character for each octet: the marks count octets.
        string[] lines = Encoding.Latin1.GetString(text).Split('\n');
        List<NftablesError> errors = [];
        for (int i = 0; i < lines.Length; i++)
        {
            int word = lines[i].IndexOf(Word, StringComparison.Ordinal);
            if (word < 0)
            {
                continue;
            }

            string message = Decode(lines[i][(word + Word.Length)..]);
            string marks = i + 2 < lines.Length ? lines[i + 2] : "";
            int start = marks.AsSpan().IndexOfAny('^', '~');
            if (start < 0 || marks.Any(c => c is not (' ' or '\t' or '^' or '~')))
            {
                errors.Add(new(message));
                continue;
            }

            // ^ is what the error is about, ~ what goes with it.
            start = marks.Contains('^', StringComparison.Ordinal) ? marks.IndexOf('^', StringComparison.Ordinal) : start;
            int end = start;
            while (end < marks.Length && marks[end] == marks[start])
            {
                end++;
            }

            errors.Add(new(message, start, end - start));

            // The commands are not searched: a comment of a rule may hold the word too.
            i += 2;
        }

        return errors;
    }

    private static string Decode(string latin1) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(latin1));
}
