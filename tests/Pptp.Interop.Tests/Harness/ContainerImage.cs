using System.Text.Json;

namespace Pptp.Interop.Tests.Harness;

/// <summary>
/// The image of the Dockerfile without a container engine: the file tree that deploy/rootfs puts together in an
/// empty folder, and what the Dockerfile says of starting it.
/// </summary>
internal sealed class ContainerImage : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pptpd-image-").FullName;
    private readonly string[] _dockerfile = File.ReadAllLines(Path.Combine(Repository.Root, "Dockerfile"));

    public string Root => Path.Combine(_folder, "rootfs");

    public IReadOnlyList<string> EntryPoint => Words("ENTRYPOINT ");

    public IReadOnlyList<string> Arguments => Words("CMD ");

    public IReadOnlyList<string> HealthCheck => Words("HEALTHCHECK ");

    public string User => _dockerfile.Single(line => line.StartsWith("USER ", StringComparison.Ordinal))[5..];

    /// <summary>Runs the Dockerfile's own two commands, on the published pptpd if there is one already.</summary>
    public static ContainerImage Build()
    {
        ContainerImage image = new();
        string published = Path.Combine(image._folder, "published");
        string? binary = Environment.GetEnvironmentVariable("PPTPD_BINARY");
        if (string.IsNullOrEmpty(binary))
        {
            Deploy("publish", published);
        }
        else
        {
            published = Path.GetDirectoryName(Path.GetFullPath(binary))!;
        }

        Deploy("rootfs", published, image.Root);
        return image;
    }

    /// <summary>The lines of the Dockerfile that run something of deploy/.</summary>
    public IEnumerable<string> DeployCommands() => _dockerfile
        .Where(line => line.StartsWith("RUN deploy/", StringComparison.Ordinal))
        .Select(line => line["RUN ".Length..]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A command in the tree as an engine would start it, for the lab's namespace.</summary>
    public IReadOnlyList<string> Contained(string configuration, string state, IEnumerable<string> command) =>
        [Path.Combine(Lab.Scripts, "contain"), Root, configuration, state, .. command];

    private static void Deploy(string script, params string[] arguments) => Command
        .Run(Path.Combine(Repository.Root, "deploy", script), arguments, timeout: TimeSpan.FromMinutes(5))
        .MustSucceed();

    /// <summary>The words of an instruction in its exec form, as ["/usr/bin/pptpd", "run"].</summary>
    private string[] Words(string instruction)
    {
        string line = _dockerfile.Single(text => text.StartsWith(instruction, StringComparison.Ordinal));
        return JsonSerializer.Deserialize<string[]>(line[line.IndexOf('[')..])!;
    }
}
