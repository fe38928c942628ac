namespace Pptp.Protocol.Gre;

/// <summary>Arithmetic on sequence numbers, which go round at 2^32.</summary>
internal static class SequenceNumber
{
    /// <summary>How far <paramref name="to"/> lies ahead of <paramref name="from"/>; negative if behind.</summary>
    public static int Distance(uint from, uint to) => unchecked((int)(to - from));
}
