using System.CommandLine;
using System.Runtime.InteropServices;
using Pptpd.Demo;

namespace Pptpd.Commands;

/// <summary>
/// One of the demo's two daemons; <c>pptpd demo</c> starts it. It ends with its standard input: whatever becomes of
/// the demo, its daemons take themselves away.
/// </summary>
internal static class DemoHalfCommand
{
    public const string Name = "demo-half";

    public static Command Create()
    {
        Argument<DemoHalf> half = new("HALF");
        Command command = new(Name, "Run one half of the demo until the standard input ends.") { half };
        command.Hidden = true;
        command.SetAction((result, cancellation) => RunAsync(result.GetValue(half), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(DemoHalf half, CancellationToken cancellation)
    {
        // A terminal sends these to all of its processes. The demo has them too, and then ends our input.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Leave);
        using PosixSignalRegistration hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Leave);
        DirectoryInfo folder;
        try
        {
            folder = Directory.CreateTempSubdirectory("pptpd-demo-");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"pptpd: no folder can be made in {Path.GetTempPath()}: {e.Message}");
            return ExitCode.Failure;
        }

        try
        {
            string file = Path.Combine(folder.FullName, DemoConfiguration.FileName);
            await File.WriteAllTextAsync(file, DemoConfiguration.Text, cancellation);
            // The folder is private anyway, but a file with passwords that others may read is complained of.
            if (OperatingSystem.IsLinux())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return await RunCommand.RunAsync(
                file, whole => DemoConfiguration.Take(whole, half, folder.FullName), UntilInputEnds(cancellation));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static void Leave(PosixSignalContext context) => context.Cancel = true;
    }

    private static CancellationToken UntilInputEnds(CancellationToken cancellation)
    {
        CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Thread reader = new(() =>
        {
            using Stream input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
                // Nothing that is said there matters.
            }

            ended.Cancel();
        })
        { IsBackground = true, Name = "standard input" };
        reader.Start();
        return ended.Token;
    }
}
