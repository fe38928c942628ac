using System.Globalization;

namespace Pptp.Model.Vocabulary;

/// <summary>
/// A value as a front hands it in, before its property's type has read it: from TOML, later from JSON. RouterOS
/// text is a <see cref="Text"/>.
/// </summary>
public abstract record ConfigurationValue(SourcePosition Position)
{
    /// <summary>The longest part of a value that a message repeats, in characters.</summary>
    private const int LongestDisplay = 60;

    /// <summary>How a message shows it: one line, shortened, control characters escaped.</summary>
    public string Display => Shorten(Describe());

    protected abstract string Describe();

    /// <summary>How a message shows a text: quoted, on one line, shortened.</summary>
    public static string Show(string text) => Shorten(TomlText.Quote(text));

    public sealed record Text(string Value, SourcePosition Position) : ConfigurationValue(Position)
    {
        protected override string Describe() => TomlText.Quote(Value);
    }

    public sealed record Integer(long Value, SourcePosition Position) : ConfigurationValue(Position)
    {
        protected override string Describe() => Value.ToString(CultureInfo.InvariantCulture);
    }

    public sealed record Boolean(bool Value, SourcePosition Position) : ConfigurationValue(Position)
    {
        protected override string Describe() => Value ? "true" : "false";
    }

    public sealed record List(ValueList<ConfigurationValue> Items, SourcePosition Position)
        : ConfigurationValue(Position)
    {
        protected override string Describe() => $"a list of {Items.Count}";
    }

    public sealed record Table(ValueList<ConfigurationEntry> Entries, SourcePosition Position)
        : ConfigurationValue(Position)
    {
        protected override string Describe() => "a table";
    }

    /// <summary>A TOML time of day (<c>00:00:30</c>), which is also how RouterOS writes a duration.</summary>
    public sealed record TimeOfDay(string Value, SourcePosition Position) : ConfigurationValue(Position)
    {
        protected override string Describe() => Shorten(Value);
    }

    /// <summary>What no property takes: a number with a fraction, a date.</summary>
    public sealed record Other(string Value, SourcePosition Position) : ConfigurationValue(Position)
    {
        protected override string Describe() => Value;
    }

    private static string Shorten(string text) =>
        text.Length <= LongestDisplay ? text : string.Concat(text.AsSpan(0, LongestDisplay), "...");
}
