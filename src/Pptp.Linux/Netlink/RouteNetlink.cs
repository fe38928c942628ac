using System.Globalization;
using System.Net.Sockets;

namespace Pptp.Linux;

/// <summary>
/// Links, addresses, routes and rules of one network namespace, through rtnetlink. Each method is one request and its
/// acknowledgement; any thread may call. Source: rtnetlink(7) and the kernel's uapi headers.
/// </summary>
/// <remarks>
/// A method that returns <see langword="bool"/> says false where the thing was not there (or there already); every
/// other refusal is a <see cref="LinuxException"/>, EPERM without CAP_NET_ADMIN.
/// </remarks>
public sealed partial class RouteNetlink : IDisposable
{
    private const int NetlinkRoute = 0;
    private const byte FamilyIpv4 = 2;
    private const byte FamilyIpv6 = 10;

    private readonly NetlinkSocket _socket;

    /// <summary>Opens the socket in this thread's network namespace, where it stays.</summary>
    /// <exception cref="LinuxException">EMFILE, ENFILE or ENOMEM from socket.</exception>
    public RouteNetlink() => _socket = new NetlinkSocket(NetlinkRoute, "rtnetlink");

    public void Dispose() => _socket.Dispose();

    private List<T> List<T>(NetlinkMessage request, string call, ushort answerType, ReadEntry<T> read)
        where T : class
    {
        List<T> entries = [];
        _socket.ExecuteDump(
            request,
            entries.Clear,
            (type, payload) =>
            {
                if (type == answerType && read(payload) is { } entry)
                {
                    entries.Add(entry);
                }
            })
            .ThrowIfFailed(call, "all");
        return entries;
    }

    private static byte FamilyOf(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => FamilyIpv4,
        AddressFamily.InterNetworkV6 => FamilyIpv6,
        _ => throw new ArgumentException($"{family} is neither IPv4 nor IPv6."),
    };

    private static string Describe(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"interface {index}");

    private delegate T? ReadEntry<T>(ReadOnlySpan<byte> payload)
        where T : class;
}
