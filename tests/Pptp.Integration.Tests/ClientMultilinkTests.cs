using System.Net;
using System.Net.Sockets;
using Pptp.Testing;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>mrru of a tunnel that we dial, at our server with the largest there is.</summary>
internal sealed class ClientMultilinkTests : ClientFixture
{
    protected override ServerConfiguration Configuration =>
        new() { Users = [Alice], Encryption = "yes", ServerExtra = "mrru = 65535" };

    [TestCase("required", "", 1450)]
    [TestCase("required", "mrru = 1600", 1500)]
    [TestCase("no", "mrru = 1600", 1600)]
    [TestCase("no", "mrru = 65535", 65535)]
    [EffectOf("pptp-client", "mrru")]
    public async Task Packets_as_long_as_both_MRRUs_allow_pass_both_ways(string encryption, string line, int mtu)
    {
        Connect(ServerConfiguration.Profile("dial", $"use-encryption = \"{encryption}\"")
            + Entry("profile = \"dial\"", line));
        Assert.That(FindInterface()?.Mtu, Is.EqualTo(mtu));
        // IP and UDP headers; and one octet more has to be cut by IP.
        foreach (int length in new[] { 100, mtu - 28, mtu - 27, 1473 })
            Assert.That(await ReturnsAsync(length), Is.True, $"{length} octets");
    }

    private async Task<bool> ReturnsAsync(int length)
    {
        using Socket socket = ClientNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        socket.DontFragment = false;
        byte[] question = new byte[Math.Min(length, 65_507)];
        new Random(length).NextBytes(question);
        byte[] answer = new byte[65_536];
        await socket.SendToAsync(question, new IPEndPoint(Gateway, Echo.Port));
        using CancellationTokenSource patience = new(Soon);
        int received = await socket.ReceiveAsync(answer, patience.Token);
        return answer.AsSpan(0, received).SequenceEqual(question);
    }
}
