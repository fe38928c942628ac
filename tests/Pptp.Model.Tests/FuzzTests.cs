using System.Text;

namespace Pptp.Model.Tests;

/// <summary>Whatever bytes a file holds, loading it ends with findings and never with an exception.</summary>
internal sealed class FuzzTests
{
    private const int Rounds = 1500;

    // What is likely to upset a parser: its own delimiters, ends of texts, numbers out of range, nesting.
    private static readonly string[] Fragments =
    [
        "\"", "'", "\"\"\"", "'''", "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "#", "\n", "\r", "\r\n", "\0", "\\",
        "\\u", "\\U0011FFFF", "\\uD800", "99999999999999999999", "-0", "0x", "1e999", "nan", "-inf", "1979-05-27",
        "00:00:61", "00:00:30", "include = [\"*\"]\n", "[ppp-secret.password]\n", "[[ppp-secret]]\n", "[pptp-server]\n",
        "password = { file = \"/dev/null\" }\n", "\uFEFF", "\u2028", "\u202E", "é", "true", "yes", "a.b.c = 1\n",
        "[[[[[[[[[[[[[[[[[[[[", "{a={a={a={a={a={a=", "\ud83d\ude00",
    ];

    [Test]
    public void Mutated_files_are_loaded_or_refused()
    {
        byte[] original = File.ReadAllBytes(Repository.File("config/pptpd.toml"));
        byte[] uncommented = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(original).Replace("\n#", "\n", StringComparison.Ordinal));
        using TestFolder folder = new();
        Random random = new(20637);
        int loaded = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] mutated = Mutate(round % 2 == 0 ? original : uncommented, random);
            string path = folder.Write("pptpd.toml", mutated);
            ConfigurationResult result = ConfigurationLoader.Load(path);

            Assert.That(result.Configuration is null, Is.EqualTo(result.Errors.Any()), $"round {round}");
            foreach (ConfigurationError finding in result.Findings)
            {
                Assert.That(finding.ToString(), Does.Not.Match("[\u0000-\u001F\u007F-\u009F\u2028\u2029]"));
                Assert.That(finding.Message, Has.Length.LessThan(1000));
            }

            loaded += result.Configuration is null ? 0 : 1;
        }

        // Some mutations fall into comments: were none loaded, only the first lines would have been tried.
        Assert.That(loaded, Is.InRange(Rounds / 50, Rounds - 100));
    }

    [Test]
    public void Every_prefix_of_a_file_is_loaded_or_refused()
    {
        byte[] original = Encoding.UTF8.GetBytes(
            "include = [\"a\"]\n[pptp-server]\nenabled = true\nlisten = [\"192.0.2.1\", '192.0.2.2']\n"
            + "keepalive-timeout = 00:00:30\n[[ppp-secret]]\nname = \"ü\\u00fc\"\npassword = { file = \"x\" }\n"
            + "routes = \"\"\"10.1.0.0/24 10.0.0.1 1\"\"\"\n");
        using TestFolder folder = new();
        for (int length = 0; length <= original.Length; length++)
        {
            ConfigurationResult result = ConfigurationLoader.Load(folder.Write("pptpd.toml", original[..length]));
            Assert.That(result.Configuration is null, Is.EqualTo(result.Errors.Any()), $"{length} bytes");
        }
    }

    [TestCase("a = ", "[", 100_000)]
    [TestCase("a = ", "{a=", 100_000)]
    [TestCase("", "[", 100_000)]
    [TestCase("", "a.", 20_000)]
    [TestCase("[", "a.", 20_000)]
    [TestCase("", "\"", 100_000)]
    [TestCase("", "=", 20_000)]
    [TestCase("a = \"", "\\", 100_001)]
    [TestCase("[[ppp-secret]]\n", "name = \"a\"\n", 20_000)]
    [TestCase("", "[[ppp-secret]]\nname = \"a\"\n", 5_000)]
    [TestCase("", "[[ip-pool]]\nname = \"a\"\nranges = \"10.0.0.1-10.0.0.2\"\n", 5_000)]
    public void Endless_repetition_is_refused(string start, string repeated, int times)
    {
        StringBuilder text = new(start);
        text.Insert(text.Length, repeated, times);
        Assert.That(Toml.Parse(text.ToString()).Configuration, Is.Null);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        int times = random.Next(1, 6);
        for (int i = 0; i < times; i++)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
                    break;
                case 3:
                    int length = Math.Min(random.Next(1, 200), bytes.Count - at);
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.Add((byte)'\n');
                    break;
            }
        }

        return [.. bytes];
    }
}
