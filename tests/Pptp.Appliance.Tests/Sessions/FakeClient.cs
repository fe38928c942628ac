using Pptp.Protocol.Authentication;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>The simplest client there can be: agrees to everything, and asks for what a client must ask.</summary>
internal sealed class FakeClient(FakePath path, string user, string password)
{
    private readonly MsChapV2Peer _chap = MsChapV2Peer.FromPassword(user, password, SystemRandomSource.Instance);

    /// <summary>Rejects IPv6CP.</summary>
    public bool LacksIpv6 { get; init; }

    /// <summary>To the acknowledgement of our own address.</summary>
    public void LogIn() => RunUntil(PppProtocol.Ipcp, 2);

    /// <summary>To the acknowledgement of our own interface identifier as well, which is 2.</summary>
    public void LogInWithIpv6() => RunUntil((PppProtocol.Ipcp, 2), (PppProtocol.Ipv6cp, 2));

    /// <summary>Answers until a packet of this protocol and code has come.</summary>
    public void RunUntil(ushort untilProtocol, byte untilCode) => RunUntil((untilProtocol, untilCode));

    private void RunUntil(params (ushort Protocol, byte Code)[] packets)
    {
        HashSet<(ushort, byte)> awaited = [.. packets];
        Send(PppProtocol.Lcp, [1, 1, 0, 8, 1, 4, 0x05, 0x78]);
        while (path.Sent.TryTake(out byte[]? frame, TimeSpan.FromSeconds(10)))
        {
            Assert.That(PppFrame.TryParse(frame, out ushort protocol, out int at), Is.True);
            byte[] packet = frame[at..];
            Answer(protocol, packet);
            awaited.Remove((protocol, packet[0]));
            if (awaited.Count == 0)
                return;
        }
        throw new AssertionException($"the server never sent protocol and code {string.Join(", ", awaited)}");
    }

    private void Answer(ushort protocol, byte[] packet)
    {
        switch (protocol)
        {
            case PppProtocol.Chap:
                AnswerChap(packet);
                break;
            case PppProtocol.Lcp when packet[0] == 5:
                Send(protocol, [6, packet[1], 0, 4]);
                break;
            case PppProtocol.Ipcp when packet[0] == 3:
                // The address we are told to take, asked for again.
                Send(protocol, [1, 2, 0, 10, .. packet.AsSpan(4, 6)]);
                break;
            case PppProtocol.Ipv6cp when LacksIpv6:
                Send(PppProtocol.Lcp, [8, 1, 0, (byte)(packet.Length + 6), 0x80, 0x57, .. packet]);
                break;
            case not PppProtocol.Chap when packet[0] == 1:
                Send(protocol, [2, .. packet.AsSpan(1)]);
                if (protocol == PppProtocol.Ccp)
                    Send(protocol, [1, 1, 0, 10, 18, 6, 1, 0, 0, 0x40]);
                if (protocol == PppProtocol.Ipv6cp)
                    Send(protocol, [1, 1, 0, 14, 1, 10, 0, 0, 0, 0, 0, 0, 0, 2]);
                if (protocol == PppProtocol.Ipcp)
                    Send(protocol, [1, 1, 0, 10, 3, 6, 0, 0, 0, 0]);
                break;
        }
    }

    private void AnswerChap(byte[] packet)
    {
        _chap.Receive(packet);
        while (_chap.TryTake(out AuthenticationEvent? happened))
        {
            if (happened is AuthenticationEvent.Send send)
                Send(PppProtocol.Chap, send.Packet);
            if (happened is AuthenticationEvent.Failed)
                Send(PppProtocol.Lcp, [5, 9, 0, 4]);
        }
    }

    private void Send(ushort protocol, byte[] packet) => path.Deliver(PppFrame.Create(protocol, packet));
}
