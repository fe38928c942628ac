using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>A path from the root: what the daemon's working directory is, is nobody's concern.</summary>
internal sealed class PathType : PropertyType<string>
{
    private const int LongestPath = 4095; // PATH_MAX of Linux without its final zero

    private static readonly TextType Text = new("an absolute path", LongestPath, allowEmpty: false, allowLines: false);

    public override string Expectation => Text.Expectation;

    public override bool TryParse(string text, out string value, out string? problem) =>
        Text.TryParse(text, out value, out problem) && text[0] == '/';

    public override string Format(string value) => value;
}
