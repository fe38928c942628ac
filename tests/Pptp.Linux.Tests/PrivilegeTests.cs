using System.Runtime.InteropServices;
using Pptp.Testing;

namespace Pptp.Linux.Tests;

/// <summary>
/// What a thread without capabilities is told. Capabilities belong to a thread, so these need no other user.
/// </summary>
public sealed unsafe partial class PrivilegeTests : NamespaceTests
{
    [Test]
    public void Root_has_what_the_daemon_needs()
    {
        Assert.That(ProcessHardening.HasCapability(Capability.NetAdmin), Is.True);
        Assert.That(ProcessHardening.HasCapability(Capability.NetRaw), Is.True);
    }

    [Test]
    public void A_thread_without_capabilities_knows_it() => NetworkNamespace.Run(() =>
    {
        DropCapabilities();
        Assert.That(Enum.GetValues<Capability>().Where(ProcessHardening.HasCapability), Is.Empty);
    });

    [Test]
    public void One_capability_does_not_look_like_another() => NetworkNamespace.Run(() =>
    {
        DropCapabilities(1u << (int)Capability.NetRaw);
        Assert.That(
            Enum.GetValues<Capability>().Where(ProcessHardening.HasCapability),
            Is.EqualTo(new[] { Capability.NetRaw }));
    });

    [Test]
    public void Without_them_no_raw_socket_opens() => NetworkNamespace.Run(() =>
    {
        Assert.That(KernelProbes.RawSocketObstacle(), Is.Null);
        DropCapabilities();
        const string Message = "socket(AF_INET, SOCK_RAW) on IP protocol 47 (GRE): EPERM (Operation not permitted)";
        Assert.That(() => new GreSocket(), Throws.TypeOf<LinuxException>().With.Message.EqualTo(Message));
        Assert.That(KernelProbes.RawSocketObstacle()?.Message, Is.EqualTo(Message));
    });

    [Test]
    public void Without_them_no_interface_is_made_or_changed() => NetworkNamespace.Run(() =>
    {
        Assert.That(KernelProbes.TunObstacle(), Is.Null);
        using RouteNetlink netlink = new();
        DropCapabilities();
        Assert.That(
            () => TunDevice.Create("pptp-a"),
            Throws.TypeOf<LinuxException>().With.Message.EqualTo(
                "ioctl(TUNSETIFF) on pptp-a: EPERM (Operation not permitted)"));
        Assert.That(
            () => netlink.ChangeLink(1, new LinkChange { Mtu = 1400 }),
            Throws.TypeOf<LinuxException>().With.Property("Errno").EqualTo(Errno.EPERM));
        Assert.That(netlink.ListLinks(), Is.Not.Empty, "looking is free");
    });

    [Test]
    public void Without_them_a_table_stays_and_that_is_a_value() => NetworkNamespace.Run(() =>
    {
        using NetfilterTables tables = new();
        DropCapabilities();
        Assert.That(
            tables.DeleteTable(NetfilterFamily.Inet, "pptpd"),
            Is.EqualTo(NetfilterResult.NotPermitted).Or.EqualTo(NetfilterResult.NotSupported));
    });

    [Test]
    public void With_only_the_right_to_raw_sockets_buffers_are_as_large_as_the_host_lets() => NetworkNamespace.Run(() =>
    {
        DropCapabilities(1u << (int)Capability.NetRaw);
        using GreSocket socket = new();
        int allowed = int.Parse(
            File.ReadAllText("/proc/sys/net/core/rmem_max"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(socket.ReceiveBufferSize, Is.EqualTo(Math.Min(2 * allowed, 16 << 20)));
    });

    [Test]
    public void Core_dumps_can_be_switched_off()
    {
        const int SetDumpable = 4;
        Assert.That(ProcessHardening.IsDumpable, Is.True);
        try
        {
            ProcessHardening.DisableCoreDumps();
            Assert.That(ProcessHardening.IsDumpable, Is.False);
        }
        finally
        {
            _ = ProcessControl(SetDumpable, 1, 0, 0, 0);
        }
    }

    /// <summary>Leaves the calling thread, which must be a namespace's, only <paramref name="kept"/>.</summary>
    private static void DropCapabilities(uint kept = 0)
    {
        // struct __user_cap_header_struct of version 3, then two sets of effective, permitted, inheritable.
        uint* header = stackalloc uint[] { 0x20080522, 0 };
        uint* sets = stackalloc uint[] { kept, kept, 0, 0, 0, 0 };
        Assert.That(SetCapabilities(header, sets), Is.Zero);
    }

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static partial int SetCapabilities(uint* header, uint* sets);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint a, nuint b, nuint c, nuint d);
}
