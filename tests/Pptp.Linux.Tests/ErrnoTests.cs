using System.Runtime.InteropServices;

namespace Pptp.Linux.Tests;

public sealed partial class ErrnoTests
{
    [Test]
    public void Every_number_has_the_name_the_C_library_gives_it()
    {
        Assert.Multiple(() =>
        {
            for (int number = 1; number <= 140; number++)
            {
                string expected = Marshal.PtrToStringAnsi(NameByLibrary(number)) ?? $"errno {number}";
                Assert.That(Errno.NameOf(number), Is.EqualTo(expected));
            }
        });
    }

    [TestCase(0, "errno 0")]
    [TestCase(-1, "errno -1")]
    [TestCase(4711, "errno 4711")]
    public void A_number_without_a_name_is_shown_as_a_number(int number, string expected) =>
        Assert.That(Errno.NameOf(number), Is.EqualTo(expected));

    [Test]
    public void A_failure_names_the_call_the_object_and_the_error()
    {
        LinuxException e = new("ioctl(TUNSETIFF)", "pptp-alice", Errno.EBUSY);
        Assert.That(e.Message, Is.EqualTo("ioctl(TUNSETIFF) on pptp-alice: EBUSY (Device or resource busy)"));
        Assert.That(e.Call, Is.EqualTo("ioctl(TUNSETIFF)"));
        Assert.That(e.Target, Is.EqualTo("pptp-alice"));
        Assert.That(e.Errno, Is.EqualTo(16));
    }

    [Test]
    public void A_failure_repeats_what_the_kernel_said_about_it()
    {
        LinuxException e = new("RTM_NEWROUTE", "route 10.0.0.0/8", Errno.EINVAL, "Invalid prefix");
        Assert.That(
            e.Message,
            Is.EqualTo("RTM_NEWROUTE on route 10.0.0.0/8: EINVAL (Invalid argument); the kernel says: Invalid prefix"));
    }

    // glibc 2.32 and later: a table that is not ours.
    [LibraryImport("libc", EntryPoint = "strerrorname_np")]
    private static partial nint NameByLibrary(int number);
}
