namespace Pptp.Testing.Calling;

/// <summary>A PPP frame without IP that came from the server, in the order of its GRE number.</summary>
/// <param name="At">On the clock of the <see cref="CallerHost"/>.</param>
/// <param name="Protocol">PPP's protocol number.</param>
/// <param name="Information">What follows it.</param>
public sealed record ReceivedFrame(TimeSpan At, ushort Protocol, byte[] Information)
{
    /// <summary>The code of a control protocol's packet; 0 where there is none.</summary>
    public byte Code => Information.Length > 0 ? Information[0] : (byte)0;

    /// <summary>An echo that asks for a sign of life; one with data asks for more than that.</summary>
    public bool IsKeepalive => IsLcp(PppWire.EchoRequest) && Information.Length == 8;

    public bool IsLcp(byte code) => Protocol == PppWire.Lcp && Code == code;
}
