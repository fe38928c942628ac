using System.Diagnostics;

namespace Pptp.Testing.Serving;

/// <summary>Starts programs whose output goes to a <see cref="LogWatch"/>.</summary>
internal static class LoggedProcess
{
    /// <param name="command">Program and arguments.</param>
    /// <param name="network">Where it runs; null: where this thread is.</param>
    /// <param name="log">Takes each line it says, and is told when there will be no more.</param>
    internal static Process Start(IReadOnlyList<string> command, NetworkNamespace? network, LogWatch log)
    {
        Process process = new()
        {
            StartInfo = new(command[0], command.Skip(1))
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        int open = 2;
        process.OutputDataReceived += (_, line) => Receive(line.Data);
        process.ErrorDataReceived += (_, line) => Receive(line.Data);
        // A child lives in the namespaces of the thread that made it.
        if (network is null)
        {
            process.Start();
        }
        else
        {
            network.Invoke(() => process.Start());
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Receive(string? line)
        {
            if (line is not null)
            {
                log.Add(line);
            }
            else if (Interlocked.Decrement(ref open) == 0)
            {
                log.End();
            }
        }
    }
}
