using System.Xml.Linq;
using Mono.Cecil;

namespace Pptpd.Tests;

/// <summary>The house as drawn: which room may know which, and that the protocol is a pure function.</summary>
public sealed class ArchitectureTests
{
    /// <summary>What each project may refer to, itself aside. The four on the ground know nobody.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Pptp.Protocol"] = [],
        ["Pptp.Radius"] = [],
        ["Pptp.Linux"] = [],
        ["Pptp.Model"] = [],
        ["Pptp.Appliance"] = ["Pptp.Protocol", "Pptp.Radius", "Pptp.Linux", "Pptp.Model"],
        ["Pptp.Management"] = ["Pptp.Appliance", "Pptp.Model"],
        ["Pptpd"] = ["Pptp.Management", "Pptp.Appliance", "Pptp.Model", "Pptp.Linux", "Pptp.Protocol"],
    };

    /// <summary>Types the protocol may not touch: they do I/O, tell the time, run threads or roll dice.</summary>
    private static readonly string[] ImpureTypes =
    [
        "System.Net.Sockets.", "System.IO.File", "System.IO.Directory", "System.IO.Path", "System.Console",
        "System.Threading.", "System.Random", "System.Diagnostics.Stopwatch", "System.Diagnostics.Process",
        "System.TimeProvider", "System.Environment", "System.Security.Cryptography.RandomNumberGenerator",
        "System.Runtime.InteropServices.NativeLibrary", "Microsoft.Extensions.",
    ];

    private static readonly string[] ImpureMembers =
    [
        "System.DateTime::get_UtcNow", "System.DateTime::get_Now", "System.DateTimeOffset::get_UtcNow",
        "System.DateTimeOffset::get_Now", "System.Guid::NewGuid",
    ];

    private static IEnumerable<string> Projects =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories);

    [TestCaseSource(nameof(Projects))]
    public void A_project_refers_only_to_those_its_arrows_allow(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        Assert.That(Arrows, Contains.Key(name), $"{name} is no room of the house");
        IEnumerable<string> references = XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.That(references, Is.SubsetOf(Arrows[name]));
    }

    [TestCaseSource(nameof(Projects))]
    public void A_compiled_project_uses_only_those_its_arrows_allow(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        using AssemblyDefinition assembly = Read(name == "Pptpd" ? "pptpd" : name);
        IEnumerable<string> used = assembly.MainModule.AssemblyReferences
            .Select(reference => reference.Name).Where(used => used.StartsWith("Pptp", StringComparison.Ordinal));
        Assert.That(used, Is.SubsetOf(Arrows[name]));
    }

    [Test]
    public void The_protocol_uses_no_package()
    {
        XDocument project = XDocument.Load(Path.Combine(Repository.Root, "src/Pptp.Protocol/Pptp.Protocol.csproj"));
        Assert.That(project.Descendants("PackageReference"), Is.Empty);
    }

    [Test]
    public void The_protocol_touches_no_socket_file_thread_clock_or_dice()
    {
        using AssemblyDefinition assembly = Read("Pptp.Protocol");
        IEnumerable<string> types = assembly.MainModule.GetTypeReferences().Select(type => type.FullName)
            // The compiler's own: Interlocked for lazily made values, Volatile for iterators.
            .Where(type => type is not "System.Threading.Interlocked")
            .Where(type => ImpureTypes.Any(impure => type.StartsWith(impure, StringComparison.Ordinal)));
        IEnumerable<string> members = assembly.MainModule.GetMemberReferences()
            .Select(member => $"{member.DeclaringType.FullName}::{member.Name}").Where(ImpureMembers.Contains);
        Assert.That(types.Concat(members), Is.Empty);
    }

    [Test]
    public void The_protocol_calls_no_native_code()
    {
        using AssemblyDefinition assembly = Read("Pptp.Protocol");
        IEnumerable<string> native = assembly.MainModule.GetTypes()
            .SelectMany(type => type.Methods).Where(method => method.IsPInvokeImpl).Select(method => method.FullName);
        Assert.That(native, Is.Empty);
    }

    [Test]
    public void Only_the_kernels_room_calls_native_code()
    {
        foreach (string name in new[] { "Pptp.Model", "Pptp.Appliance", "Pptp.Management", "pptpd" })
        {
            using AssemblyDefinition assembly = Read(name);
            IEnumerable<string> native = assembly.MainModule.GetTypes()
                .SelectMany(type => type.Methods).Where(method => method.IsPInvokeImpl).Select(method => method.FullName);
            Assert.That(native, Is.Empty, name);
        }
    }

    private static AssemblyDefinition Read(string name) =>
        AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
}
