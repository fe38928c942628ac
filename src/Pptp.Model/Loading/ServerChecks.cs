using System.Net;
using System.Text;

namespace Pptp.Model.Loading;

/// <summary>What the server is asked for and cannot do.</summary>
internal static class ServerChecks
{
    internal static void Check(LoadedConfiguration loaded)
    {
        CheckListen(loaded.Server);
        // RFC 2637 §2.2: the host name is ASCII.
        if (!Ascii.IsValid(loaded.System.Value.Identity))
        {
            loaded.System.Warning("identity", "is not all ASCII, as PPTP has it: clients may show something else");
        }
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
}
