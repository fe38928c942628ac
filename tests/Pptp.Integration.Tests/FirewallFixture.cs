using System.Net;
using System.Net.Sockets;
using Pptp.Linux;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>A server whose profiles have filters and lists, where this host has libnftables.</summary>
internal abstract class FirewallFixture : ServerFixture
{
    protected const string Carol = "carol";

    /// <summary>What nobody forbids.</summary>
    protected const ushort OpenPort = 5000;

    [OneTimeSetUp]
    public void RequireNftables()
    {
        string? whyNot = ServerNetwork.Invoke(() =>
        {
            using Nftables? nftables = Nftables.TryOpen(out string? reason);
            return reason;
        });
        if (whyNot is not null)
            Assert.Ignore($"not tested here: {whyNot} (tests/run installs libnftables1)");
    }

    protected static string Chain(string name, params string[] rules) =>
        $"\n[[firewall-chain]]\nname = \"{name}\"\nrules = [{string.Join(", ", rules.Select(rule => $"'{rule}'"))}]\n";

    /// <summary>What nft would list, or another command of its language.</summary>
    protected string Nft(string command) => ServerNetwork.Invoke(() =>
    {
        using Nftables nftables = Nftables.TryOpen(out _)!;
        return nftables.Ask(command);
    });

    /// <summary>Whether UDP from one client gets to another; one to <see cref="OpenPort"/> does for sure.</summary>
    protected static async Task<bool> PassesAsync(ScriptedCall from, ScriptedCall to, ushort port)
    {
        byte[] payload = Guid.NewGuid().ToByteArray();
        return await ArrivesAsync(
            to,
            payload,
            port,
            destination => from.SendPacket(Ipv4Packet.CreateUdp(from.Address, to.Address, 4000, destination, payload)));
    }

    /// <summary>Whether UDP of the server's host, from one of its ports, gets to a client.</summary>
    protected Task<bool> HostReachesAsync(ScriptedCall call, ushort port)
    {
        byte[] payload = Guid.NewGuid().ToByteArray();
        return ArrivesAsync(call, payload, port, destination =>
        {
            using Socket socket = ServerNetwork.Invoke(
                () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
            socket.Bind(new IPEndPoint(IPAddress.Parse(ServerConfiguration.Gateway), 4000));
            try
            {
                socket.SendTo(payload, new IPEndPoint(call.Address, destination));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
            {
                // The kernel tells a local sender that its packet was dropped.
            }
        });
    }

    protected string Reload(string until = "settings changed")
    {
        int mark = Server.Log.Mark;
        Server.Signal("HUP");
        return Server.Log.WaitFor(until, Soon, after: mark).Text;
    }

    /// <summary>Number of a line of the configuration file, from 1.</summary>
    protected int LineOf(string text) => Array.FindIndex(
        File.ReadAllLines(ConfigurationFile), line => line.Contains(text, StringComparison.Ordinal)) + 1;

    /// <summary>What goes the same way does not overtake: when the open port has got its datagram, the other had its chance.</summary>
    private static async Task<bool> ArrivesAsync(ScriptedCall to, byte[] payload, ushort port, Action<ushort> send)
    {
        bool arrived = false;
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        PacketHandler handler = packet =>
        {
            if (!Ipv4Packet.TryReadUdp(packet, out _, out ushort at, out ReadOnlySpan<byte> content)
                || !content.SequenceEqual(payload))
            {
                return;
            }

            arrived |= at == port;
            if (at == OpenPort)
                open.TrySetResult();
        };
        to.PacketReceived += handler;
        for (int i = 0; i < 30 && !open.Task.IsCompleted; i++)
        {
            send(port);
            send(OpenPort);
            await Task.WhenAny(open.Task, Task.Delay(1000));
        }

        to.PacketReceived -= handler;
        Assert.That(open.Task.IsCompleted, Is.True, "not even the open port is reached");
        return arrived;
    }
}
