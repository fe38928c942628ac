using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Pptp.Appliance;
using Pptp.Protocol.Control;

namespace Pptpd.Commands;

/// <summary>
/// <c>pptpd health</c>: asks the running server to begin a control connection, as a client would; a daemon that only
/// dials is looked for. For the health checks of containers, which have no shell to ask with.
/// </summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static Command Create()
    {
        Option<string?> file = ConfigurationFile.CreateOption();
        Command command = new("health", "Ask the running server whether it answers; silent when it does.") { file };
        command.SetAction((result, cancellation) => AskAsync(ConfigurationFile.Resolve(result.GetValue(file)), cancellation));
        return command;
    }

    private static async Task<int> AskAsync(string path, CancellationToken cancellation)
    {
        if (ConfigurationFile.Load(path, withWarnings: false) is not { } configuration)
            return ExitCode.BadInput;
        if (!configuration.PptpServer.Enabled)
        {
            // What is switched off is as healthy as it is meant to be; whether a tunnel is up is up to its server.
            if (configuration.Clients.All(client => client.Disabled) || PptpAppliance.WorksHere())
                return ExitCode.Success;
            await Console.Error.WriteLineAsync("pptpd: no daemon works in this network namespace");
            return ExitCode.Failure;
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        foreach (IPEndPoint endPoint in configuration.PptpServer.Listen)
        {
            if (await FaultOfAsync(Reachable(endPoint), limit.Token) is { } fault)
            {
                await Console.Error.WriteLineAsync($"pptpd: {endPoint}: {fault}");
                return ExitCode.Failure;
            }
        }
        return ExitCode.Success;
    }

    private static IPEndPoint Reachable(IPEndPoint endPoint) =>
        endPoint.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, endPoint.Port)
        : endPoint.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, endPoint.Port)
        : endPoint;

    private static async Task<string?> FaultOfAsync(IPEndPoint endPoint, CancellationToken cancellation)
    {
        try
        {
            using Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endPoint, cancellation);
            await socket.SendAsync(new StartControlConnectionRequest { HostName = "health" }.Encode(), cancellation);
            byte[] reply = new byte[ControlMessageCodec.LengthOf(ControlMessageType.StartControlConnectionReply)];
            int length = 0;
            while (length < reply.Length)
            {
                int read = await socket.ReceiveAsync(reply.AsMemory(length), cancellation);
                if (read == 0)
                    return "the server closed the connection";
                length += read;
            }
            ControlMessageCodec.TryDecode(reply, out ControlMessage? message);
            return message is StartControlConnectionReply { ResultCode: StartControlConnectionResult.Successful }
                ? null
                : "the server refused a control connection";
        }
        catch (SocketException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException)
        {
            return "no answer";
        }
    }
}
