using System.Globalization;
using System.Net;
using System.Text;
using Pptp.Model.Types;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>RADIUS servers that would not answer, would not be asked, or whose answers prove nothing.</summary>
internal static class RadiusChecks
{
    private const string Secret = RadiusMenu.SecretName;
    private const string Certificate = "certificate";
    private const string CertificateKey = "certificate-key";
    private const string CertificateAuthority = "certificate-authority";

    private static readonly SourceType Source = new();

    // RFC 2865 §3.
    private const int AdvisedSecret = 16;

    internal static void Check(LoadedConfiguration loaded)
    {
        Dictionary<object, LoadedRow<RadiusServer>> seen = [];
        foreach (LoadedRow<RadiusServer> row in loaded.Radius.Where(row => row.IsRead("address")))
        {
            CheckSecret(row);
            CheckTransport(row);
            CheckTime(loaded, row);
            if (!row.Value.Disabled && !seen.TryAdd(Matter(row.Value), row))
            {
                row.Error("address", $"{row.Value.Address} stands for the same users at "
                    + $"{seen[Matter(row.Value)].Describe()}");
            }

            // Such a row may be there for the secret of one who only sends requests.
            if (!row.Value.Service.HasFlag(RadiusServices.Ppp) && !loaded.RadiusIncoming.Value.Accept)
            {
                row.Warning("service", "has no ppp, so the server is asked nothing");
            }
        }

        CheckUse(loaded);
        CheckIncoming(loaded);
    }

    // What tells one row from another.
    private static object Matter(RadiusServer row) => (
        row.Address, row.AuthenticationPort, row.AccountingPort, row.Protocol, row.SrcAddress, row.Service,
        (row.CalledId, row.Domain, row.Realm, row.AccountingBackup));

    private static void CheckSecret(LoadedRow<RadiusServer> row)
    {
        RadiusServer server = row.Value;
        if (server.Protocol == RadiusProtocol.RadSec)
        {
            if (server.Secret is { Password: not RadiusServer.RadSecSecret })
            {
                row.Warning(Secret, $"is not used: the secret of radsec is {RadiusServer.RadSecSecret}");
            }
        }
        else if (!row.IsSet(Secret))
        {
            row.Error(Secret, "is missing");
        }
        else
        {
            WarnOfWeak(row, server.Secret);
        }

        if (server.Protocol == RadiusProtocol.Udp && server.RequireMessageAuth == RequireMessageAuth.No)
        {
            row.Warning("require-message-auth", "lets whoever is between the server and us forge its answers (BlastRADIUS)");
        }
    }

    private static void WarnOfWeak<TRow>(LoadedRow<TRow> row, SecretValue? secret)
    {
        if (secret is { Password: { } text } && Encoding.UTF8.GetByteCount(text) is var length and < AdvisedSecret)
        {
            row.Warning(Secret, length == 0 ? "is empty" : string.Create(CultureInfo.InvariantCulture,
                $"is shorter than {AdvisedSecret} bytes: who sees one packet can try secrets until one fits"));
        }
    }

    private static void CheckTransport(LoadedRow<RadiusServer> row)
    {
        RadiusServer server = row.Value;
        if (server.SrcAddress is { } source && source.AddressFamily != server.Address.AddressFamily)
        {
            row.Error("src-address", $"{source} cannot send to {server.Address}: one is IPv4, the other IPv6");
        }

        if (server.Protocol == RadiusProtocol.Udp)
        {
            return;
        }

        if (server.Certificate is null)
        {
            row.Error(Certificate, "is missing: with radsec each side shows one");
            return;
        }

        bool isThere = CheckFile(row, Certificate, server.Certificate)
            & CheckFile(row, CertificateKey, server.CertificateKey)
            & CheckFile(row, CertificateAuthority, server.CertificateAuthority);
        string key = server.CertificateKey ?? server.Certificate;
        if (isThere && ConfigurationFiles.IsWorldReadable(key))
        {
            row.Warning(server.CertificateKey is null ? Certificate : CertificateKey,
                $"{TomlText.Escape(key)} holds a key and can be read by everyone; chmod o-r mends it");
        }
    }

    private static bool CheckFile(LoadedRow<RadiusServer> row, string property, string? path)
    {
        if (path is null || File.Exists(path))
        {
            return true;
        }

        row.Error(property, $"{TomlText.Escape(path)}: there is no such file");
        return false;
    }

    private static void CheckTime(LoadedConfiguration loaded, LoadedRow<RadiusServer> row)
    {
        RadiusServer server = row.Value;
        TimeSpan patience = server.Protocol == RadiusProtocol.RadSec
            ? server.RadSecTimeout
            : server.Timeout * server.Tries;
        if (server.IsAsked && patience >= loaded.Server.Value.LoginTimeout)
        {
            row.Warning(server.Protocol == RadiusProtocol.RadSec ? "radsec-timeout" : "timeout",
                "leaves a login no time for another server: with all tries it is the login-timeout or longer");
        }
    }

    private static void CheckUse(LoadedConfiguration loaded)
    {
        bool isAsked = loaded.Radius.Any(row => row.Value.IsAsked);
        bool uses = loaded.Aaa.Value.UseRadius;
        if (uses && !isAsked)
        {
            loaded.Aaa.Warning(PppAaaMenu.UseRadiusName, "there is no enabled [[radius]] row with service = \"ppp\" to ask");
        }
        else if (!uses && isAsked)
        {
            loaded.Aaa.Warning(PppAaaMenu.UseRadiusName, "is no, so the [[radius]] rows are not asked");
        }

        if (!uses && loaded.Server.Value.Authentication.HasFlag(AuthenticationMethods.Eap))
        {
            loaded.Server.Warning("authentication", "eap is for RADIUS to answer; without use-radius nobody logs in by it");
        }
    }

    private static void CheckIncoming(LoadedConfiguration loaded)
    {
        RadiusIncomingSettings incoming = loaded.RadiusIncoming.Value;
        if (!incoming.Accept)
        {
            return;
        }

        List<LoadedRow<RadiusServer>> rows = [.. loaded.Radius.Where(row => !row.Value.Disabled)];
        Dictionary<IPAddress, LoadedRow<RadiusServer>> first = [];
        foreach (LoadedRow<RadiusServer> row in rows.Where(row => row.Value.Protocol == RadiusProtocol.Udp))
        {
            if (!first.TryAdd(row.Value.Address, row)
                && first[row.Value.Address].Value.SharedSecret?.Password != row.Value.SharedSecret?.Password)
            {
                row.Warning(Secret, $"is not that of requests from {row.Value.Address}: theirs is the secret at "
                    + first[row.Value.Address].Describe());
            }
        }

        // The secret of RadSec is known to everybody, and requests come by UDP.
        foreach (LoadedRow<RadiusServer> row in rows.Where(row => row.Value.Protocol == RadiusProtocol.RadSec))
        {
            IPAddress address = row.Value.Address;
            bool maySend = incoming.Sources.Count == 0 || incoming.Sources.Any(source => source.Contains(address));
            if (incoming.Secret is null && maySend && !first.ContainsKey(address))
            {
                row.Warning("protocol", $"radsec has no secret for requests from {address}, which come by UDP: without "
                    + "one in [radius-incoming] they are not heeded");
            }
        }

        WarnOfWeak(loaded.RadiusIncoming, incoming.Secret);
        if (rows.Count == 0 && (incoming.Secret is null || incoming.Sources.Count == 0))
        {
            loaded.RadiusIncoming.Warning("accept", "has nobody to accept from: there is neither an enabled [[radius]] row "
                + "nor sources with a secret");
        }

        foreach (IPNetwork source in incoming.Sources)
        {
            if (incoming.Secret is null && !rows.Any(row => source.Contains(row.Value.Address)))
            {
                loaded.RadiusIncoming.Warning(
                    "sources", $"{Source.Format(source)} has neither a [[radius]] row nor a secret, so nothing is taken from there");
            }
        }
    }
}
