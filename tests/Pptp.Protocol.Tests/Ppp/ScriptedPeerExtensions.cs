using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

internal static class ScriptedPeerExtensions
{
    /// <summary>The link's LCP request has this Authentication-Protocol option.</summary>
    public static ScriptedPeer Asks(this ScriptedPeer peer, int identifier, string method) =>
        peer.Hears($"FF03 C021 01 {identifier:X2} # 0104 05AA {method} 0506 A1B2C3D4");

    /// <summary>The peer refuses the method of that request and suggests another.</summary>
    public static ScriptedPeer Naks(this ScriptedPeer peer, int identifier, string method) =>
        peer.Says($"FF03 C021 03 {identifier:X2} # {method}");

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
