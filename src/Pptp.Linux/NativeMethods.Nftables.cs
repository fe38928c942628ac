using System.Runtime.InteropServices;

namespace Pptp.Linux;

/// <content>nftables/libnftables.h. The library is looked for at the first call.</content>
internal static unsafe partial class NativeMethods
{
    private const string LibNftables = "libnftables.so.1";

    [LibraryImport(LibNftables, EntryPoint = "nft_ctx_new")]
    internal static partial nint NftNew(uint flags);

    [LibraryImport(LibNftables, EntryPoint = "nft_ctx_free")]
    internal static partial void NftFree(nint context);

    [LibraryImport(LibNftables, EntryPoint = "nft_ctx_buffer_output")]
    internal static partial int NftBufferOutput(nint context);

    [LibraryImport(LibNftables, EntryPoint = "nft_ctx_buffer_error")]
    internal static partial int NftBufferError(nint context);

    /// <summary>nft_ctx_set_dry_run; its parameter is a C bool.</summary>
    [LibraryImport(LibNftables, EntryPoint = "nft_ctx_set_dry_run")]
    internal static partial void NftSetTrial(nint context, byte isTrial);

    [LibraryImport(LibNftables, EntryPoint = "nft_run_cmd_from_buffer")]
    internal static partial int NftRun(nint context, byte* commands);

    [LibraryImport(LibNftables, EntryPoint = "nft_ctx_get_output_buffer")]
    internal static partial byte* NftOutput(nint context);

    [LibraryImport(LibNftables, EntryPoint = "nft_ctx_get_error_buffer")]
    internal static partial byte* NftError(nint context);
}
