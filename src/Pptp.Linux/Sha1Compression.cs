using System.Runtime.InteropServices;

namespace Pptp.Linux;

/// <summary>
/// SHA-1's compression function out of the host's libcrypto (<c>SHA1_Transform</c>), which uses the processor's own
/// instructions for it. Deprecated there, but exported up to version 3; where it is missing, callers use their own.
/// </summary>
public static unsafe class Sha1Compression
{
    /// <summary>Octets that the state must have room for: libcrypto's SHA_CTX, of which the five words of the hash come first.</summary>
    public const int StateSize = 128;

    private static readonly string[] Names = ["libcrypto.so.3", "libcrypto.so.1.1"];

    /// <summary>The function; null where there is none. It changes the five words by one block of 64 octets.</summary>
    /// <remarks>Runs in some forty nanoseconds, so it does not let the garbage collector go on meanwhile.</remarks>
    public static readonly delegate* unmanaged[SuppressGCTransition]<uint*, byte*, void> Native = Find();

    private static delegate* unmanaged[SuppressGCTransition]<uint*, byte*, void> Find()
    {
        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, out nint library)
                && NativeLibrary.TryGetExport(library, "SHA1_Transform", out nint function))
            {
                return (delegate* unmanaged[SuppressGCTransition]<uint*, byte*, void>)function;
            }
        }

        return null;
    }
}
