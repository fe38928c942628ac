using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>Boots the lab once for all tests of this assembly, or says why it cannot.</summary>
[SetUpFixture]
public sealed class LabSetUp
{
    /// <summary>With PPTP_LAB_REQUIRED=1 a lab that cannot run is a failure; else its tests are skipped.</summary>
    private static readonly bool Required = Environment.GetEnvironmentVariable("PPTP_LAB_REQUIRED") == "1";

    private bool _up;

    [OneTimeSetUp]
    public void Boot()
    {
        if (Lab.WhyNot() is { } reason)
        {
            string message = $"NOT TESTED: no real client dials in, for the lab cannot run here. {reason}";
            TestContext.Progress.WriteLine(message);
            if (Required)
            {
                Assert.Fail(message);
            }

            Assert.Ignore(message);
        }

        _up = true;
        Lab.Up();
    }

    [OneTimeTearDown]
    public void ShutDown()
    {
        if (_up)
        {
            Lab.Down();
        }
    }
}
