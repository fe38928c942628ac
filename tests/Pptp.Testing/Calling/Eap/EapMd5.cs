using System.Security.Cryptography;
using System.Text;
using Pptp.Protocol.Mppe;

namespace Pptp.Testing.Calling.Eap;

/// <summary>MD5-Challenge (RFC 3748 §5.4): CHAP's sum.</summary>
internal sealed class EapMd5(string user, string password) : EapMethod(4)
{
    private bool _hasAnswered;

    public override bool IsDone => _hasAnswered;

    public override byte[] Answer(byte identifier, ReadOnlySpan<byte> data)
    {
        _hasAnswered = true;
        byte[] text = [identifier, .. Encoding.UTF8.GetBytes(password), .. data.Slice(1, data[0])];
#pragma warning disable CA5351 // The method is MD5.
        byte[] sum = MD5.HashData(text);
#pragma warning restore CA5351
        return [(byte)sum.Length, .. sum, .. Encoding.UTF8.GetBytes(user)];
    }

    public override MppeStartKeys DeriveKeys() => throw new InvalidOperationException("EAP-MD5 yields no keys");

    public override void Dispose()
    {
    }
}
