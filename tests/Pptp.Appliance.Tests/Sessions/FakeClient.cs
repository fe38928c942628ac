using Pptp.Protocol.Authentication;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>The simplest client there can be: agrees to everything, and asks for what a client must ask.</summary>
internal sealed class FakeClient(FakePath path, string user, string password)
{
    private readonly MsChapV2Peer _chap = MsChapV2Peer.FromPassword(user, password, SystemRandomSource.Instance);

    /// <summary>To the acknowledgement of our own address.</summary>
    public void LogIn() => RunUntil(PppProtocol.Ipcp, 2);

    /// <summary>Answers until a packet of this protocol and code has come.</summary>
    public void RunUntil(ushort untilProtocol, byte untilCode)
    {
        Send(PppProtocol.Lcp, [1, 1, 0, 8, 1, 4, 0x05, 0x78]);
        while (path.Sent.TryTake(out byte[]? frame, TimeSpan.FromSeconds(10)))
        {
            Assert.That(PppFrame.TryParse(frame, out ushort protocol, out int at), Is.True);
            byte[] packet = frame[at..];
            Answer(protocol, packet);
            if (protocol == untilProtocol && packet[0] == untilCode)
                return;
        }
        throw new AssertionException($"the server never sent protocol {untilProtocol:X4} code {untilCode}");
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
            case not PppProtocol.Chap when packet[0] == 1:
                Send(protocol, [2, .. packet.AsSpan(1)]);
                if (protocol == PppProtocol.Ccp)
                    Send(protocol, [1, 1, 0, 10, 18, 6, 1, 0, 0, 0x40]);
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
