using System.Runtime.InteropServices;
using System.Text;

namespace Pptp.Linux;

/// <summary>
/// libnftables, which understands nft's language; used where the host has it. One owner at a time; calls of several are
/// taken one after the other, as the library promises nothing about threads.
/// </summary>
public sealed unsafe class Nftables : INftables
{
    private const string FileName = "libnftables.so.1";

    private static readonly Lock TheLibrary = new();

    private readonly nint _context;
    private bool _disposed;

    private Nftables(nint context) => _context = context;

    /// <summary>Whether the library is on this host, whatever the kernel and our rights may be.</summary>
    public static bool IsInstalled => NativeLibrary.TryLoad(FileName, out _);

    /// <summary>Opens the library in this thread's network namespace, where it stays.</summary>
    /// <param name="whyNot">What is missing; null: nothing.</param>
    /// <returns>Null when it cannot be used here.</returns>
    public static Nftables? TryOpen(out string? whyNot)
    {
        whyNot = WhyUnavailable();
        if (whyNot is not null)
        {
            return null;
        }

        lock (TheLibrary)
        {
            nint context = NativeMethods.NftNew(0);
            if (context == 0)
            {
                whyNot = "libnftables cannot be set up";
                return null;
            }

            _ = NativeMethods.NftBufferOutput(context);
            _ = NativeMethods.NftBufferError(context);
            return new Nftables(context);
        }
    }

    public IReadOnlyList<NftablesError> Run(string commands, bool isTrial = false)
    {
        ArgumentNullException.ThrowIfNull(commands);
        byte[] text = Encoding.UTF8.GetBytes(commands + '\0');
        lock (TheLibrary)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            NativeMethods.NftSetTrial(_context, isTrial ? (byte)1 : (byte)0);
            int result;
            fixed (byte* start = text)
            {
                result = NativeMethods.NftRun(_context, start);
            }

            if (result == 0)
            {
                return [];
            }

            ReadOnlySpan<byte> said =
                MemoryMarshal.CreateReadOnlySpanFromNullTerminated(NativeMethods.NftError(_context));
            IReadOnlyList<NftablesError> errors = NftablesErrors.Read(said);
            return errors.Count > 0 ? errors : [new NftablesError(Encoding.UTF8.GetString(said).Trim())];
        }
    }

    /// <summary>What a command prints, such as <c>list ruleset</c>.</summary>
    /// <exception cref="InvalidOperationException">The command failed.</exception>
    public string Ask(string command)
    {
        lock (TheLibrary)
        {
            IReadOnlyList<NftablesError> errors = Run(command);
            return errors.Count == 0
                ? Marshal.PtrToStringUTF8((nint)NativeMethods.NftOutput(_context)) ?? ""
                : throw new InvalidOperationException(errors[0].Message);
        }
    }

    public void Dispose()
    {
        lock (TheLibrary)
        {
            if (!_disposed)
            {
                NativeMethods.NftFree(_context);
            }

            _disposed = true;
        }
    }

    // Asked before the library is: it ends the whole process where it finds no netlink of netfilter.
    private static string? WhyUnavailable()
    {
        if (!IsInstalled)
        {
            return $"{FileName} is not on this host";
        }

        try
        {
            using NetfilterTables tables = new();
            return tables.ListBaseChains(out _) switch
            {
                NetfilterResult.NotSupported => "the kernel has no nf_tables",
                NetfilterResult.NotPermitted => "CAP_NET_ADMIN is missing",
                _ => null,
            };
        }
        catch (LinuxException e)
        {
            return e.Message;
        }
    }
}
