using System.Net;
using Pptp.Model.Types;

namespace Pptp.Model.Loading;

/// <summary>What the server is asked for and cannot do.</summary>
internal static class ServerChecks
{
    private const string Property = "authentication";

    /// <summary>What this version can do.</summary>
    private const AuthenticationMethods Supported = AuthenticationMethods.MsChap2;

    internal static void Check(LoadedConfiguration loaded)
    {
        CheckListen(loaded.Server);
        CheckAuthentication(loaded.Server);
    }

    // A port taken for all addresses cannot be taken again for one.
    private static void CheckListen(LoadedRow<PptpServerSettings> row)
    {
        IEnumerable<IGrouping<int, IPAddress>> ports =
            row.Value.Listen.GroupBy(endpoint => endpoint.Port, endpoint => endpoint.Address);
        foreach (IGrouping<int, IPAddress> port in ports)
        {
            int count = port.Count();
            if (port.Distinct().Count() < count || (count > 1 && port.Contains(IPAddress.Any)))
            {
                row.Error("listen", $"takes port {port.Key} twice");
            }
        }
    }

    private static void CheckAuthentication(LoadedRow<PptpServerSettings> row)
    {
        if (!row.IsRead(Property))
        {
            return;
        }

        AuthenticationMethods unsupported = row.Value.Authentication & ~Supported;
        if ((row.Value.Authentication & Supported) == 0)
        {
            row.Error(Property, "this version can do mschap2 only: add it");
        }
        else if (unsupported != 0)
        {
            string names = new AuthenticationMethodsType().Format(unsupported);
            row.Warning(Property, $"this version can do mschap2 only: {names} will not be offered");
        }
    }
}
