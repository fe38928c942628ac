using System.Globalization;

namespace Pptp.Interop.Tests.Harness;

/// <summary>What an interface of the server has counted.</summary>
internal sealed record InterfaceOctets(long FromClient, long ToClient)
{
    public static InterfaceOctets Read(string name)
    {
        string[] fields = Lab.LinkCounters(name).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new InterfaceOctets(
            long.Parse(fields[0], CultureInfo.InvariantCulture), long.Parse(fields[8], CultureInfo.InvariantCulture));
    }
}
