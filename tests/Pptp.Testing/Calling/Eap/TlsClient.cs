using System.Runtime.InteropServices;
using Pptp.Testing.Radius;

namespace Pptp.Testing.Calling.Eap;

/// <summary>
/// TLS without a connection, by OpenSSL: the platform's own classes do not give the keys that EAP takes from it
/// (RFC 5705).
/// </summary>
internal sealed partial class TlsClient : IDisposable
{
    private const string Ssl = "libssl.so.3";
    private const string Crypto = "libcrypto.so.3";

    private const int Pem = 1;
    private const int VerifyPeer = 1;
    private const int WantRead = 2;
    private const int SetMaximumVersion = 124;
    private const int Version12 = 0x0303;

    private readonly nint _context;
    private readonly nint _session;
    private readonly nint _incoming;
    private readonly nint _outgoing;

    public TlsClient(CertificateFiles own)
    {
        _context = SSL_CTX_new(TLS_client_method());
        Require(SSL_CTX_use_certificate_file(_context, own.Certificate, Pem), own.Certificate);
        Require(SSL_CTX_use_PrivateKey_file(_context, own.Key, Pem), own.Key);
        Require(SSL_CTX_load_verify_locations(_context, own.Authority, null), own.Authority);
        Require((int)SSL_CTX_ctrl(_context, SetMaximumVersion, Version12, 0), "TLS 1.2");
        SSL_CTX_set_verify(_context, VerifyPeer, 0);
        _session = SSL_new(_context);
        _incoming = BIO_new(BIO_s_mem());
        _outgoing = BIO_new(BIO_s_mem());
        SSL_set_bio(_session, _incoming, _outgoing);
        SSL_set_connect_state(_session);
    }

    /// <summary>Both sides are sure of each other.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Takes what the server has said, and gives what is to be said to that; an alert, where it is wrong.</summary>
    public byte[] Continue(byte[] received)
    {
        if (received.Length > 0)
            _ = BIO_write(_incoming, received, received.Length);
        int result = SSL_do_handshake(_session);
        IsDone = result == 1;
        if (!IsDone && SSL_get_error(_session, result) != WantRead)
            ERR_clear_error();
        byte[] buffer = new byte[64 * 1024];
        int length = BIO_read(_outgoing, buffer, buffer.Length);
        return length > 0 ? buffer[..length] : [];
    }

    /// <summary>Keying material (RFC 5705).</summary>
    public byte[] Export(string label, int length)
    {
        byte[] key = new byte[length];
        Require(
            SSL_export_keying_material(_session, key, (nuint)length, label, (nuint)label.Length, 0, 0, 0), label);
        return key;
    }

    public void Dispose()
    {
        // The session has taken both buffers over.
        SSL_free(_session);
        SSL_CTX_free(_context);
    }

    private static void Require(int result, string what)
    {
        if (result != 1)
            throw new InvalidOperationException($"OpenSSL does not take {what}");
    }

    [LibraryImport(Ssl)]
    private static partial nint TLS_client_method();

    [LibraryImport(Ssl)]
    private static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Ssl)]
    private static partial void SSL_CTX_free(nint context);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SSL_CTX_use_certificate_file(nint context, string file, int type);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SSL_CTX_use_PrivateKey_file(nint context, string file, int type);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SSL_CTX_load_verify_locations(nint context, string file, string? folder);

    [LibraryImport(Ssl)]
    private static partial nint SSL_CTX_ctrl(nint context, int command, nint number, nint pointer);

    [LibraryImport(Ssl)]
    private static partial void SSL_CTX_set_verify(nint context, int mode, nint callback);

    [LibraryImport(Ssl)]
    private static partial nint SSL_new(nint context);

    [LibraryImport(Ssl)]
    private static partial void SSL_free(nint session);

    [LibraryImport(Ssl)]
    private static partial void SSL_set_bio(nint session, nint read, nint write);

    [LibraryImport(Ssl)]
    private static partial void SSL_set_connect_state(nint session);

    [LibraryImport(Ssl)]
    private static partial int SSL_do_handshake(nint session);

    [LibraryImport(Ssl)]
    private static partial int SSL_get_error(nint session, int result);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SSL_export_keying_material(
        nint session, byte[] key, nuint length, string label, nuint labelLength, nint context, nuint contextLength,
        int useContext);

    [LibraryImport(Crypto)]
    private static partial nint BIO_s_mem();

    [LibraryImport(Crypto)]
    private static partial nint BIO_new(nint type);

    [LibraryImport(Crypto)]
    private static partial int BIO_write(nint bio, byte[] data, int length);

    [LibraryImport(Crypto)]
    private static partial int BIO_read(nint bio, byte[] data, int length);

    [LibraryImport(Crypto)]
    private static partial void ERR_clear_error();
}
