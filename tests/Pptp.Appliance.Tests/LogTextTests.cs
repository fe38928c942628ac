namespace Pptp.Appliance.Tests;

public sealed class LogTextTests
{
    [TestCase("alice", "alice")]
    [TestCase("Müller ñ 用户", "Müller ñ 用户")]
    [TestCase("a\nb", @"a\x0Ab")]
    [TestCase("a\u001b[31mred", @"a\x1B[31mred")]
    [TestCase("a\u202Egnp.exe", @"a\u202Egnp.exe")]
    [TestCase(@"DOM\user", @"DOM\\user")]
    [TestCase("\u2028", @"\u2028")]
    public void Text_of_a_peer_cannot_forge_a_line_or_steer_a_terminal(string text, string expected)
    {
        Assert.That(LogText.Escape(text), Is.EqualTo(expected));
    }

    [Test]
    public void A_long_text_is_cut()
    {
        string escaped = LogText.Escape(new string('x', 100_000));
        Assert.That(escaped, Has.Length.LessThan(140).And.EndsWith("..."));
    }

    [Test]
    public void Bytes_are_shown_as_text_where_they_are()
    {
        Assert.That(LogText.Escape("MSRASV5.20\0"u8), Is.EqualTo(@"MSRASV5.20\x00"));
    }
}
