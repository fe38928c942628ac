using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;

namespace Pptp.Testing.Calling.Eap;

/// <summary>CHAP packets of RFC 2759 as the data of EAP's method 26; a Success and a Failure are answered by their code.</summary>
internal sealed class EapMsChapV2(string user, string password) : EapMethod(26)
{
    private readonly MsChapV2Peer _peer = MsChapV2Peer.FromPassword(user, password, CallerRandom.Instance);
    private bool _isProven;

    public override bool IsDone => _isProven;

    public override byte[] Answer(byte identifier, ReadOnlySpan<byte> data)
    {
        byte[] answer = [data[0]];
        _peer.Receive(data);
        while (_peer.TryTake(out AuthenticationEvent? happened))
        {
            if (happened is AuthenticationEvent.Send send)
                answer = send.Packet;
            _isProven |= happened is AuthenticationEvent.Succeeded;
        }

        return answer;
    }

    public override MppeStartKeys DeriveKeys() => _peer.DeriveKeys();

    public override void Dispose() => _peer.Dispose();
}
