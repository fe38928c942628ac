using Pptp.Protocol.Mppe;

namespace Pptp.Testing.Calling.Eap;

/// <summary>One method of EAP, on the side that is asked.</summary>
/// <param name="type">Its number (RFC 3748 §5).</param>
internal abstract class EapMethod(byte type) : IDisposable
{
    public byte Type { get; } = type;

    /// <summary>What it has come to lets the caller believe a Success.</summary>
    public abstract bool IsDone { get; }

    /// <summary>The Type-Data of the answer to a Request's.</summary>
    public abstract byte[] Answer(byte identifier, ReadOnlySpan<byte> data);

    /// <exception cref="InvalidOperationException">The method yields none.</exception>
    public abstract MppeStartKeys DeriveKeys();

    public abstract void Dispose();
}
