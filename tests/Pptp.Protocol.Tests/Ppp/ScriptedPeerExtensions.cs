using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

internal static class ScriptedPeerExtensions
{
    /// <summary>Brings up IPCP and returns what the network was told of MPPE.</summary>
    public static MppeParameters? OpensIpcpAndTellsMppe(this ScriptedPeer peer)
    {
        peer.Hears("FF03 8021 01 01 # 0306 0A000001").HearsNothing()
            .Says("FF03 8021 01 01 # 0306 0A000005").Hears("FF03 8021 02 01 # 0306 0A000005")
            .Says("FF03 8021 02 01 # 0306 0A000001");
        MppeParameters? mppe = peer.Sees<PppEvent.NetworkUp>().Parameters.Mppe;
        peer.HearsNothing();
        return mppe;
    }
}
