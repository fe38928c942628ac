namespace Pptpd.Commands;

internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The host refuses something: a socket, a capability, an address in use.</summary>
    public const int Failure = 1;

    /// <summary>The configuration or the command line has errors; nothing was done.</summary>
    public const int BadInput = 2;
}
