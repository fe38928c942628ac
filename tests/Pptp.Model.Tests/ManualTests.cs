using System.Text.RegularExpressions;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Tests;

/// <summary>The manual says of everything what it is.</summary>
internal sealed partial class ManualTests
{
    private static readonly MenuDefinition[] All = [.. Menus.All];

    private readonly string _manual = ManualPrinter.Print();

    [TestCaseSource(nameof(All))]
    public void Every_property_has_one_row_of_five_cells_in_its_menus_section(MenuDefinition menu)
    {
        string[] rows = [.. Section(menu).Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))];

        Assert.That(rows.Select(row => row.Split('`')[1]), Is.EqualTo(menu.Properties.Select(p => p.Name)));
        Assert.That(rows, Has.All.Match(@"^\| ([^|]|\\\|)*(\| ([^|]|\\\|)*){4}\|$"));
    }

    [TestCaseSource(nameof(All))]
    public void A_row_says_what_is_taken_the_default_and_the_effect(MenuDefinition menu)
    {
        string section = Section(menu).Replace("\\|", "|", StringComparison.Ordinal);
        foreach (PropertyDefinition property in menu.Properties)
        {
            string row = section.Split('\n').Single(line => line.StartsWith($"| `{property.Name}`", StringComparison.Ordinal));
            Assert.That(row, Does.Contain($" | {property.Type.Expectation} | "));
            Assert.That(row, Does.Contain($" | {ManualPrinter.EffectName(property)} | "));
            Assert.That(row, Does.Contain(property.IsReadOnly || property.IsRequired ? "" : property.DefaultText));
        }
    }

    [TestCaseSource(nameof(All))]
    public void The_help_of_a_property_is_a_full_sentence(MenuDefinition menu)
    {
        foreach (PropertyDefinition property in menu.Properties)
        {
            Assert.That(property.Help, Does.Match(Sentence()), $"{menu.Table}.{property.Name}");
            Assert.That(Section(menu), Does.Contain(property.Help.Replace("|", "\\|", StringComparison.Ordinal)));
        }
    }

    [Test]
    public void A_remark_stands_after_the_properties() =>
        Assert.That(Section(Menus.Radius), Does.EndWith($" |\n\n{Menus.Radius.Remark}\n"));

    private string Section(MenuDefinition menu)
    {
        int start = _manual.IndexOf($"\n## {menu.Path}\n", StringComparison.Ordinal);
        Assert.That(start, Is.Positive, menu.Path);
        int end = _manual.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? _manual[start..] : _manual[start..end];
    }

    // A capital letter, three words or more, a full stop.
    [GeneratedRegex(@"^[A-Z]\S*( \S+){2,}\.$")]
    private static partial Regex Sentence();
}
