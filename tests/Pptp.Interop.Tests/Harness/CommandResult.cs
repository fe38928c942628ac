namespace Pptp.Interop.Tests.Harness;

/// <summary>What a program that has ended said: its exit status, and output and errors as they came.</summary>
internal sealed record CommandResult(string Command, int ExitCode, string Output)
{
    /// <summary>For an assertion's message: everything there is to know.</summary>
    public override string ToString() => $"$ {Command}\n{Output}\n(exit status {ExitCode})";

    /// <summary>Fails the test unless the program ended with status 0.</summary>
    public CommandResult MustSucceed()
    {
        Assert.That(ExitCode, Is.Zero, ToString());
        return this;
    }
}
