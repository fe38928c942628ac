using System.Runtime.InteropServices;

namespace Pptp.Benchmarks;

/// <summary>OpenSSL's RC4() and SHA1_Transform() in libcrypto, the yardsticks for ours.</summary>
internal sealed unsafe class LibCrypto : IDisposable
{
    /// <summary>RC4_KEY is two numbers and 256 more, each of 4 octets in the C build and of 1 in some others.</summary>
    private const int KeySize = 2048;

    private static readonly string[] Names = ["libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so"];

    private readonly delegate* unmanaged<void*, int, byte*, void> _setKey;
    private readonly delegate* unmanaged<void*, nuint, byte*, byte*, void> _transform;
    private readonly delegate* unmanaged<void*, byte*, void> _compress;
    private readonly void* _hash = NativeMemory.AllocZeroed(256);
    private readonly void* _key = NativeMemory.AlignedAlloc(KeySize, 64);

    private LibCrypto(nint setKey, nint transform, nint compress, string name)
    {
        _compress = (delegate* unmanaged<void*, byte*, void>)compress;
        _setKey = (delegate* unmanaged<void*, int, byte*, void>)setKey;
        _transform = (delegate* unmanaged<void*, nuint, byte*, byte*, void>)transform;
        Name = name;
    }

    public string Name { get; }

    /// <summary>Null where there is no libcrypto, or one without RC4.</summary>
    public static LibCrypto? TryLoad()
    {
        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, out nint library)
                && NativeLibrary.TryGetExport(library, "RC4_set_key", out nint setKey)
                && NativeLibrary.TryGetExport(library, "RC4", out nint transform)
                && NativeLibrary.TryGetExport(library, "SHA1_Transform", out nint compress))
            {
                return new LibCrypto(setKey, transform, compress, name);
            }
        }

        return null;
    }

    public void SetKey(ReadOnlySpan<byte> key)
    {
        fixed (byte* bytes = key)
            _setKey(_key, key.Length, bytes);
    }

    public void Transform(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* from = source)
        fixed (byte* to = destination)
            _transform(_key, (nuint)source.Length, from, to);
    }

    /// <summary>One block of SHA-1, 64 octets.</summary>
    public void Compress(ReadOnlySpan<byte> block)
    {
        fixed (byte* octets = block)
            _compress(_hash, octets);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_key);
        NativeMemory.Free(_hash);
    }
}
