using System.Text.Json;
using Pptp.Management.Requests;
using Pptp.Model.Vocabulary;

namespace Pptpd.Commands;

/// <summary>Asks the running daemon; what goes wrong is told on standard error.</summary>
internal static class DaemonQuestion
{
    /// <param name="path">The configuration file, which says where the daemon listens.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The answer; else none, and the exit status.</returns>
    public static async Task<(T? Answer, int ExitCode)> AskAsync<T>(
        string path, ManagementRequest request, Func<byte[], T> read, CancellationToken cancellation)
        where T : class
    {
        if (ConfigurationFile.Load(path, withWarnings: false) is not { } configuration)
            return (null, ExitCode.BadInput);
        try
        {
            byte[] answer = await RequestSocket.AskAsync(configuration.System.StateFolder, request, cancellation);
            return (read(answer), ExitCode.Success);
        }
        catch (Exception e) when (e is IOException or JsonException or RequestRefusedException)
        {
            // It may hold names that others chose.
            await Console.Error.WriteLineAsync($"pptpd: {TomlText.Escape(e.Message)}");
            return (null, ExitCode.Failure);
        }
    }
}
