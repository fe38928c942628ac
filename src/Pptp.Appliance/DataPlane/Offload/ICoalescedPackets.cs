using Pptp.Linux;

namespace Pptp.Appliance.DataPlane.Offload;

/// <summary>Whose packets a <see cref="Coalescer"/> writes, and who is told what became of them.</summary>
internal interface ICoalescedPackets
{
    /// <summary>Writes one packet or super-packet with its <see cref="VirtioHeader"/> to the TUN.</summary>
    TunWriteResult Write(ReadOnlySpan<byte> headerAndPacket);

    /// <param name="packets">That came from the peer.</param>
    /// <param name="octets">Of all of them.</param>
    /// <param name="areIn">The kernel has taken them; else they are lost.</param>
    void OnWritten(int packets, int octets, bool areIn);
}
