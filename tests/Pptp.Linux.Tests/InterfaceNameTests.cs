namespace Pptp.Linux.Tests;

public sealed class InterfaceNameTests
{
    [TestCase("a")]
    [TestCase("pptp-alice")]
    [TestCase("pptp-a.b_c-9")]
    [TestCase("exactly15bytes-")]
    public void The_kernel_takes(string name) => Assert.That(InterfaceName.IsValid(name), Is.True);

    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase("sixteen-bytes-xx")]
    [TestCase("with space")]
    [TestCase("a/b")]
    [TestCase("a:1")]
    [TestCase("pptp-%d")]
    [TestCase("pptp-ä")]
    [TestCase("zero\0")]
    public void Is_no_name(string name)
    {
        Assert.That(InterfaceName.IsValid(name), Is.False);
        Assert.That(
            () => TunDevice.Create(name), Throws.ArgumentException.With.Message.Contains("is no interface name"));
    }
}
