using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Pptp.Fuzz;

namespace Pptp.Radius.Tests;

/// <summary>The fuzzer, and the proof that it would find what it looks for.</summary>
public sealed class FuzzerTests
{
    private const int Seed = 1;

    [Test]
    public void Nothing_that_comes_does_any_harm()
    {
        Fuzzer fuzzer = new(RadiusTarget.Run, RadiusSeeds.All, Seed);
        Assert.That(fuzzer.Run(TimeSpan.FromSeconds(2)), Is.Null);
        Assert.That(fuzzer.Tried, Is.GreaterThan(1000));
    }

    /// <summary>The reader, compiled anew without one of its checks, does not stand a minute.</summary>
    [TestCase("RadiusPacket.cs", " || length > datagram.Length", "ArgumentOutOfRangeException")]
    [TestCase("RadiusPacket.cs", " || size > left", "ArgumentOutOfRangeException")]
    [TestCase("RadiusPacket.cs", "left < HeadLength ? 0 : ", "IndexOutOfRangeException")]
    [TestCase("RadiusPacket.cs", " || size > rest.Length", "ArgumentOutOfRangeException")]
    [TestCase("RadiusValue.cs", "octets.Length is < 2 or > 2 + Ipv6AddressLength || ", "Exception")]
    [TestCase("RadiusValue.Tunnel.cs", "Octets.Length > 0 && ", "IndexOutOfRangeException")]
    [TestCase("RadiusCrypto.cs", "value.Length < SaltLength + BlockLength || ", "Exception")]
    public void A_check_of_a_length_that_is_missing_is_found(string file, string check, string failure)
    {
        Action<byte[]> target = CompileWithout(file, check);
        Finding? finding = new Fuzzer(target, RadiusSeeds.All, Seed).Run(TimeSpan.FromMinutes(1));
        Assert.That(finding, Is.Not.Null, "not found within a minute");
        Assert.That(finding!.Failure.GetType().Name, Does.EndWith(failure));
    }

    private static Action<byte[]> CompileWithout(string file, string check)
    {
        string root = Root();
        string fuzz = Path.Combine(root, "tests", "Pptp.Fuzz", "RadiusTarget.cs");
        List<SyntaxTree> trees =
        [
            Parse("""
                global using System;
                global using System.Collections.Generic;
                global using System.IO;
                global using System.Linq;
                global using System.Threading;
                global using System.Threading.Tasks;
                """),
            Parse(File.ReadAllText(fuzz)),
        ];
        foreach (string source in Directory.EnumerateFiles(Path.Combine(root, "src", "Pptp.Radius"), "*.cs"))
        {
            string text = File.ReadAllText(source);
            if (Path.GetFileName(source) == file)
            {
                Assert.That(text.Split(check), Has.Length.EqualTo(2), $"{check} is not once in {file}");
                text = text.Replace(check, "", StringComparison.Ordinal);
            }
            trees.Add(Parse(text));
        }

        string platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        IEnumerable<MetadataReference> references = platform.Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == runtime)
            .Select(path => MetadataReference.CreateFromFile(path));
        CSharpCompilation compilation = CSharpCompilation.Create(
            $"Without{Guid.NewGuid():N}", trees, references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));
        using MemoryStream made = new();
        EmitResult result = compilation.Emit(made);
        Assert.That(
            result.Success, Is.True,
            string.Join(Environment.NewLine, result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error)));
        Type target = Assembly.Load(made.ToArray()).GetType("Pptp.Fuzz.RadiusTarget", throwOnError: true)!;
        return target.GetMethod(nameof(RadiusTarget.Run))!.CreateDelegate<Action<byte[]>>();
    }

    private static SyntaxTree Parse(string text) =>
        CSharpSyntaxTree.ParseText(text, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview));

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "PptpServer.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("this is not in the repository");
    }
}
