using System.Net;
using Pptp.Linux;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// What a received GRE packet is matched by (RFC 2637 §3.2.2): the address it was sent to, the address it came
/// from, and the call id we assigned.
/// </summary>
/// <param name="Local">IPv4 address our end of the control connection was accepted on, as <see cref="Ipv4"/> keeps it.</param>
/// <param name="Remote">IPv4 address of the peer, as <see cref="Ipv4"/> keeps it.</param>
/// <param name="CallId">The call id we assigned; 0 is a call id like any other.</param>
public readonly record struct CallAddress(uint Local, uint Remote, ushort CallId)
{
    public override string ToString() => $"{Ipv4.ToAddress(Local)} <- {Ipv4.ToAddress(Remote)} call {CallId}";

    public static CallAddress Of(IPAddress local, IPAddress remote, ushort callId) =>
        new(Ipv4.FromAddress(local), Ipv4.FromAddress(remote), callId);
}
