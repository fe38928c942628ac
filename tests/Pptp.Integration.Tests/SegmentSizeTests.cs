using System.Net;
using System.Net.Sockets;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>change-tcp-mss, on SYNs made by hand and read by raw sockets at either end.</summary>
[EffectOf("ppp-profile", "change-tcp-mss")]
[TestFixture(true)]
[TestFixture(false)]
internal sealed class SegmentSizeTests(bool changes) : ServerFixture
{
    protected override ServerConfiguration Configuration => new() { Users = [Alice], ChangeMss = changes };

    [TestCase(1460, 1450, 1410)]
    [TestCase(1460, 1300, 1260)]
    [TestCase(536, 1450, 536)]
    public async Task The_MSS_of_a_SYN_from_the_client_is_clamped_to_the_tunnel(int announced, int mru, int clamped)
    {
        ScriptedCall call = await Host.DialAsync(SettingsOf(Alice) with { Mru = (ushort)mru });
        WaitUntilConnected(Alice);
        using Socket raw = OpenRaw();
        byte[] buffer = new byte[2048];

        call.SendPacket(Ipv4Packet.CreateSyn(call.Address, call.PeerAddress, 40_000, 9, (ushort)announced));
        using CancellationTokenSource timeout = new(Soon);
        ushort port, size;
        bool checksumIsGood;
        do
        {
            int length = await raw.ReceiveAsync(buffer, timeout.Token);
            _ = Ipv4Packet.TryReadSyn(buffer.AsSpan(0, length), out port, out size, out checksumIsGood);
        }
        while (port != 40_000);

        Assert.That(size, Is.EqualTo(changes ? clamped : announced));
        Assert.That(checksumIsGood, Is.True);
        await call.Caller.DisposeAsync();
    }

    [TestCase(1460, 1450, 1410)]
    [TestCase(1460, 1300, 1260)]
    [TestCase(536, 1450, 536)]
    public async Task The_MSS_of_a_SYN_to_the_client_is_clamped_to_the_tunnel(int announced, int mru, int clamped)
    {
        ScriptedCall call = await Host.DialAsync(SettingsOf(Alice) with { Mru = (ushort)mru });
        WaitUntilConnected(Alice);
        using Socket raw = OpenRaw();
        TaskCompletionSource<(ushort Size, bool ChecksumIsGood)> seen =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        call.PacketReceived += packet =>
        {
            if (Ipv4Packet.TryReadSyn(packet, out ushort port, out ushort size, out bool isGood) && port == 41_000)
                seen.TrySetResult((size, isGood));
        };

        raw.SendTo(
            Ipv4Packet.CreateSynSegment(call.PeerAddress, call.Address, 41_000, 9, (ushort)announced),
            new IPEndPoint(call.Address, 0));

        Assert.That(await seen.Task.WaitAsync(Soon), Is.EqualTo(((ushort)(changes ? clamped : announced), true)));
        await call.Caller.DisposeAsync();
    }

    /// <summary>A raw TCP socket at the server's address in the tunnel: it sees what the TUN was given.</summary>
    private Socket OpenRaw()
    {
        Socket raw = ServerNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Tcp));
        raw.Bind(new IPEndPoint(IPAddress.Parse(ServerConfiguration.Gateway), 0));
        return raw;
    }
}
