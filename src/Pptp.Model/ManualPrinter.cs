using System.Text;
using Pptp.Model.Vocabulary;

namespace Pptp.Model;

/// <summary>Prints the vocabulary as Markdown: every menu with every property, what it takes and what it does.</summary>
public static class ManualPrinter
{
    private const string Introduction = """
        # pptpd.toml

        A table is a RouterOS menu, a key is its property. A value is written in TOML's types or as RouterOS writes it:
        `true` or `"yes"`, `30` or `"30s"`, `["pap", "chap"]` or `"pap,chap"`. Before the first table,
        `include = ["secrets.d/*.toml"]` names files that are read after the main one.

        Effect: *now*: it does what it says; *note*: it is kept for you to read; *not yet*: it is kept, and a later
        version uses it; *none here*: it is kept so that a RouterOS configuration fits, and this server does not need
        it; *read-only*: the server tells it. Properties marked *ours* are not of RouterOS.

        """;

    public static string Print()
    {
        StringBuilder text = new(Introduction);
        foreach (MenuDefinition menu in Menus.All)
        {
            PrintMenu(text, menu);
        }

        return text.ToString();
    }

    /// <summary>What the manual calls the effect of a property.</summary>
    public static string EffectName(PropertyDefinition property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return property switch
        {
            { IsReadOnly: true } => "read-only",
            { Effect: PropertyEffect.Now } => "now",
            { Effect: PropertyEffect.Note } => "note",
            { Effect: PropertyEffect.Later } => "not yet",
            _ => "none here",
        };
    }

    private static void PrintMenu(StringBuilder text, MenuDefinition menu)
    {
        string rows = menu.Kind == MenuKind.Table ? "one table for each row" : "at most one table in a file";
        text.Append('\n').Append("## ").Append(menu.Path).Append("\n\n")
            .Append('`').Append(menu.Header).Append("`, ").Append(rows).Append(". ").Append(menu.Help).Append("\n\n")
            .Append("| property | takes | default | effect | |\n|---|---|---|---|---|\n");
        foreach (PropertyDefinition property in menu.Properties)
        {
            text.Append("| `").Append(property.Name).Append("` | ").Append(Cell(property.Type.Expectation))
                .Append(" | ").Append(DefaultOf(property)).Append(" | ").Append(EffectName(property))
                .Append(" | ").Append(Cell(property.Help))
                .Append(property.Origin == PropertyOrigin.Ours ? " *Ours.*" : "").Append(" |\n");
        }

        if (menu.Remark is { } remark)
        {
            text.Append('\n').Append(remark).Append('\n');
        }
    }

    private static string DefaultOf(PropertyDefinition property) => property switch
    {
        { IsReadOnly: true } => "",
        { IsRequired: true } => "must be set",
        { DefaultText.Length: 0 } => "",
        _ => $"`{Cell(property.DefaultText)}`",
    };

    // A bar would begin the next cell.
    private static string Cell(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal);
}
