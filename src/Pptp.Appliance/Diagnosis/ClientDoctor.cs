using System.Net;
using System.Net.Sockets;
using Pptp.Appliance.Interfaces;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Diagnosis;

/// <summary>What keeps the tunnels that we dial from working. Calls their servers, and says nothing to them.</summary>
internal static class ClientDoctor
{
    /// <summary>Of thousands of clients the first ones tell enough.</summary>
    private const int MostServers = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static IEnumerable<Finding> Examine(PptpConfiguration configuration)
    {
        List<PptpClient> clients = [.. configuration.Clients.Where(client => !client.Disabled)];
        IEnumerable<PptpClient> calls = clients.DistinctBy(client => (client.ConnectTo, client.SrcAddress));
        foreach (PptpClient client in calls.Take(MostServers))
            yield return ExamineServer(client);
        foreach (PptpClient client in clients.Where(client => client.AddDefaultRoute))
            yield return ExamineDefaultRoute(client);
        if (clients.Exists(client => client.UsePeerDns != UsePeerDns.No))
            yield return ExamineResolvConf(configuration.System.ResolvConf);
    }

    private static Finding ExamineServer(PptpClient client)
    {
        string subject = $"server {client.ConnectTo}";
        string asksWhere = $"getent ahostsv4 {client.ConnectTo} asks this host's name servers";
        IPAddress? address = null;
        try
        {
            using CancellationTokenSource limit = new(Patience);
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            if (client.SrcAddress is { } source)
                socket.Bind(new IPEndPoint(source, 0));
            address = Resolve(client.ConnectTo, limit.Token);
            IPEndPoint endPoint = new(address, PptpServerSettings.DefaultPort);
            socket.ConnectAsync(endPoint, limit.Token).AsTask().GetAwaiter().GetResult();
            return new Finding(Verdict.Good, subject, "takes TCP 1723; whether GRE passes too, a tunnel tells");
        }
        catch (OperationCanceledException) when (address is null)
        {
            return new Finding(Verdict.Bad, subject, "no name server answers", asksWhere);
        }
        catch (OperationCanceledException)
        {
            return new Finding(
                Verdict.Bad, subject, "does not answer on TCP 1723",
                $"ip route get {client.ConnectTo} shows the way there; a firewall on it may drop TCP 1723");
        }
        catch (SocketException e)
        {
            string remedy = e.SocketErrorCode switch
            {
                SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => asksWhere,
                SocketError.AddressNotAvailable => "set src-address in [[pptp-client]] to an address of this host",
                SocketError.ConnectionRefused => "start a PPTP server there, or set connect-to to another",
                _ => $"ip route get {client.ConnectTo} shows the way there",
            };
            return new Finding(Verdict.Bad, subject, e.Message, remedy);
        }
    }

    private static IPAddress Resolve(string server, CancellationToken limit)
    {
        IPAddress[] addresses =
            Dns.GetHostAddressesAsync(server, AddressFamily.InterNetwork, limit).GetAwaiter().GetResult();
        return addresses.Length > 0 ? addresses[0] : throw new SocketException((int)SocketError.NoData);
    }

    private static Finding ExamineDefaultRoute(PptpClient client)
    {
        string subject = $"default route of {client.Name}";
        using RouteNetlink netlink = new();
        RouteEntry? other = RouteChoice
            .DefaultsBefore(netlink.ListRoutes(), ServerRoutes.OurTunnels(netlink), (uint)client.DefaultRouteDistance)
            .MinBy(route => route.Metric);
        return other is null
            ? new Finding(Verdict.Good, subject, "goes before the host's own")
            : new Finding(
                Verdict.Doubtful, subject,
                $"has the metric {client.DefaultRouteDistance} (default-route-distance), and the host's own with "
                + $"{other.Metric} goes before it",
                $"default-route-distance = {other.Metric}, or give the host's own a higher metric");
    }

    private static Finding ExamineResolvConf(string path)
    {
        const string Subject = "use-peer-dns";
        try
        {
            // Open is all: nothing is written.
            using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            return new Finding(Verdict.Good, Subject, $"{path} can be changed");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Finding(
                Verdict.Bad, Subject, $"{path} cannot be changed: {e.Message}",
                "let pptpd write it, or set resolv-conf in [system] to the file that this host's resolver reads");
        }
    }
}
