using System.Buffers.Binary;
using System.Net;

namespace Pptp.Radius;

/// <summary>What tells a request from every other of late: its source, its identifier and its authenticator.</summary>
internal readonly record struct RequestKey(IPEndPoint From, byte Identifier, UInt128 Authenticator)
{
    public static RequestKey Of(RadiusPacket request, IPEndPoint from) =>
        new(from, request.Identifier, BinaryPrimitives.ReadUInt128BigEndian(request.Authenticator));
}
