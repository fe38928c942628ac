namespace Pptp.Model;

/// <summary>
/// <c>on-up</c> or <c>on-down</c>: a program on each line, run one after the other without a shell. Two that have the same
/// text are equal.
/// </summary>
public sealed class HookScript : IEquatable<HookScript>
{
    private HookScript(string text, ValueList<HookProgram> programs)
    {
        Text = text;
        Programs = programs;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public ValueList<HookProgram> Programs { get; }

    /// <summary>
    /// Words are parted by blanks; what stands between two double quotes is one, and a backslash takes the next character
    /// as it is. Empty lines and those that begin with # say nothing.
    /// </summary>
    /// <param name="text">Lines.</param>
    /// <param name="script">What they say.</param>
    /// <param name="problem">What is wrong with the first line that is; null: nothing.</param>
    public static bool TryParse(string text, out HookScript? script, out string? problem)
    {
        script = null;
        List<HookProgram> programs = [];
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#')
            {
                continue;
            }

            List<string>? words = Split(line);
            problem = words switch
            {
                null => $"has a quote or a backslash without its end: {line}",
                [['/', ..], ..] => null,
                _ => $"must name a program by its absolute path, not {words[0]}",
            };
            if (problem is not null)
            {
                return false;
            }

            programs.Add(new HookProgram(words![0], [.. words.Skip(1)]));
        }

        problem = null;
        script = new HookScript(text, [.. programs]);
        return true;
    }

    public bool Equals(HookScript? other) => other?.Text == Text;

    public override bool Equals(object? obj) => Equals(obj as HookScript);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    // Null: a quote or a backslash lacks its end.
    private static List<string>? Split(string line)
    {
        List<string> words = [];
        System.Text.StringBuilder? word = null;
        bool isQuoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '\\' when i + 1 == line.Length:
                    return null;
                case '\\':
                    (word ??= new()).Append(line[++i]);
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    word ??= new();
                    break;
                case ' ' or '\t' when !isQuoted:
                    Finish();
                    break;
                default:
                    (word ??= new()).Append(line[i]);
                    break;
            }
        }

        Finish();
        return isQuoted ? null : words;

        void Finish()
        {
            if (word is not null)
            {
                words.Add(word.ToString());
            }

            word = null;
        }
    }
}
