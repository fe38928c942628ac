namespace Pptp.Model.Vocabulary;

/// <summary>A place in a file, both counted from 1; a column is a UTF-16 code unit.</summary>
public readonly record struct SourcePosition(int Line, int Column)
{
    public static SourcePosition Start => new(1, 1);

    public override string ToString() => $"{Line}:{Column}";
}
