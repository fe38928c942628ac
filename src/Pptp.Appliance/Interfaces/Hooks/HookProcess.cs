using System.Diagnostics;
using System.Text;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces.Hooks;

/// <summary>
/// Runs a hook in a process of its own: this program again, which makes itself harmless and then becomes the hook.
/// </summary>
/// <param name="command">The program and arguments that come before the hook's.</param>
internal sealed class HookProcess(IReadOnlyList<string> command) : IHookStarter
{
    /// <summary>The option by which a hook keeps the capabilities.</summary>
    public const string WithCapabilities = "--with-capabilities";

    /// <summary>Octets of its output that are kept.</summary>
    private const int MostOutput = 4096;

    /// <summary>Between the request to end and the end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>How long the last of its output is waited for: what it has left running may hold the pipe open.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    public async Task<HookResult> RunAsync(
        HookProgram program, IReadOnlyDictionary<string, string> variables, bool withCapabilities, CancellationToken end)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
        };
        if (withCapabilities)
            start.ArgumentList.Add(WithCapabilities);
        // What follows is the hook's, whatever it looks like.
        start.ArgumentList.Add("--");
        foreach (string word in (IEnumerable<string>)[program.Path, .. program.Arguments])
            start.ArgumentList.Add(word);
        start.Environment.Clear();
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;

        using Process process = new() { StartInfo = start };
        process.Start();
        Task<string> output = ReadAsync(process.StandardOutput.BaseStream);
        try
        {
            await process.WaitForExitAsync(end).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process).ConfigureAwait(false);
        }
        await Task.WhenAny(output, Task.Delay(LastWords, CancellationToken.None)).ConfigureAwait(false);
        return new HookResult(process.ExitCode, output.IsCompletedSuccessfully ? output.Result : "");
    }

    private static async Task EndAsync(Process process)
    {
        // Without a group it has not become the hook yet.
        if (!ProcessGroup.TryTerminate(process.Id))
            process.Kill();
        using CancellationTokenSource grace = new(Grace);
        try
        {
            await process.WaitForExitAsync(grace.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }
        // What it has started may have outlived it.
        ProcessGroup.TryKill(process.Id);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Reads to the end, that nobody waits for a full pipe.</summary>
    private static async Task<string> ReadAsync(Stream stream)
    {
        byte[] kept = new byte[MostOutput];
        byte[] rest = new byte[MostOutput];
        int count = 0;
        try
        {
            while (true)
            {
                Memory<byte> room = count < MostOutput ? kept.AsMemory(count) : rest;
                int read = await stream.ReadAsync(room).ConfigureAwait(false);
                if (read == 0)
                    break;
                count = Math.Min(count + read, MostOutput);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It was closed while something that the hook has left running held it open.
        }
        return Encoding.UTF8.GetString(kept, 0, count);
    }
}
