using System.Text.RegularExpressions;
using Pptp.Model;
using Pptp.Model.Vocabulary;

namespace Pptpd.Tests;

/// <summary>
/// Each property that has an effect has a test that shows it: one marked <c>[EffectOf("table", "property")]</c>. The
/// sources are read as text, since the tests of all projects count.
/// </summary>
public sealed partial class EffectCoverageTests
{
    /// <summary>Whose effect no test shows yet. A test marked for one of these takes it off the list.</summary>
    private static readonly string[] NotShownYet = [];

    [Test]
    public void Every_property_that_has_an_effect_has_a_test_that_shows_it()
    {
        HashSet<string> shown = FindMarks();
        IEnumerable<string> missing = WithEffect().Where(name => !shown.Contains(name));
        Assert.That(missing, Is.EquivalentTo(NotShownYet), "properties whose effect no test shows");
    }

    [Test]
    public void A_mark_names_a_property_that_there_is()
    {
        IEnumerable<string> all = Menus.All.SelectMany(menu => menu.Properties.Select(p => $"{menu.Table}.{p.Name}"));
        Assert.That(FindMarks(), Is.SubsetOf(all));
    }

    private static IEnumerable<string> WithEffect() => Menus.All.SelectMany(menu => menu.Properties
        // What is read-only is told, not set.
        .Where(property => property.Effect == PropertyEffect.Now && !property.IsReadOnly)
        .Select(property => $"{menu.Table}.{property.Name}"));

    private static HashSet<string> FindMarks()
    {
        HashSet<string> marks = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(
            Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories))
        {
            // A mark within a comment is none.
            foreach (string line in File.ReadLines(file).Where(line => line.TrimStart().StartsWith('[')))
            {
                foreach (Match mark in Mark().Matches(line))
                    marks.Add($"{mark.Groups[1].Value}.{mark.Groups[2].Value}");
            }
        }
        return marks;
    }

    [GeneratedRegex("""\bEffectOf\("([a-z0-9-]+)",\s*"([a-z0-9-]+)"\)""")]
    private static partial Regex Mark();
}
