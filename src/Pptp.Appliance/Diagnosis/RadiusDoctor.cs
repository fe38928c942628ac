using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Model;
using Pptp.Protocol.Authentication;
using Pptp.Radius;

namespace Pptp.Appliance.Diagnosis;

/// <summary>
/// What keeps RADIUS servers from answering. Asks each for its status, and to let in a user nobody has: that alone
/// shows how answers to logins are signed.
/// </summary>
internal static class RadiusDoctor
{
    /// <summary>Who the server's own log says has been refused.</summary>
    private const string Nobody = "pptpd-doctor";

    private const int PasswordLength = 16;

    /// <summary>A certificate that ends sooner is to be renewed.</summary>
    private static readonly TimeSpan ShortLife = TimeSpan.FromDays(14);

    private static readonly RadiusRequest Status = new(RadiusCode.StatusServer, []);

    public static IEnumerable<Finding> Examine(PptpConfiguration configuration)
    {
        List<RadiusServer> rows = [.. configuration.Radius.Where(row => row.IsAsked)];
        if (rows.Count > 0 || configuration.PppAaa.UseRadius)
            yield return ExamineUse(configuration.PppAaa, rows.Count);

        // All at once: the time of those that are silent does not add up.
        List<Task<List<Finding>>> examinations = [.. rows.Select(row => ExamineAsync(row, configuration))];
        foreach (Finding finding in examinations.SelectMany(examination => examination.GetAwaiter().GetResult()))
            yield return finding;
        if (configuration.RadiusIncoming.Accept)
            yield return ExamineIncoming(configuration);
    }

    private static Finding ExamineUse(PppAaaSettings settings, int rows)
    {
        const string Subject = "use-radius";
        return !settings.UseRadius
            ? new Finding(
                Verdict.Doubtful, Subject, "is off: the [[radius]] servers are asked nothing",
                "use-radius = true in [ppp-aaa]")
            : rows == 0
                ? new Finding(
                    Verdict.Doubtful, Subject, "is on, and there is nobody to ask",
                    "a [[radius]] row that is not disabled, with service = \"ppp\"")
                : new Finding(Verdict.Good, Subject, "is on");
    }

    private static async Task<List<Finding>> ExamineAsync(RadiusServer row, PptpConfiguration configuration)
    {
        bool isRadSec = row.Protocol == RadiusProtocol.RadSec;
        IPEndPoint logins = new(row.Address, isRadSec ? row.RadSecPort : row.AuthenticationPort);
        IPEndPoint accounts = new(row.Address, isRadSec ? row.RadSecPort : row.AccountingPort);
        string subject = $"RADIUS logins at {logins}";
        if (row.SharedSecret is null)
            return [new Finding(Verdict.Bad, subject, "are not asked for: there is no secret", "secret in [[radius]]")];
        if (ExamineWay(row, logins) is { } obstacle)
            return [obstacle];

        await using RadiusPeer authentication = Open(row, RadiusPurpose.Authentication, out IRadiusPort port);
        await using RadiusPeer accounting = Open(row, RadiusPurpose.Accounting, out IRadiusPort accountingPort);
        Task<RadiusOutcome> asking = authentication.SendAsync(
            LoginOf(row, configuration.System.Identity), row.Tries, CancellationToken.None);
        Task<RadiusOutcome> probing = port.SendAsync(Status, row.Tries, CancellationToken.None);
        Task<RadiusOutcome>? probingAccounting = configuration.PppAaa.Accounting
            ? accountingPort.SendAsync(Status, row.Tries, CancellationToken.None)
            : null;
        RadiusOutcome login = await asking.ConfigureAwait(false);
        RadiusOutcome status = await probing.ConfigureAwait(false);
        List<Finding> findings = [JudgeLogin(row, subject, login, status)];
        if (port is RadSecRadiusPort { ServerCertificateUntil: { } until })
            findings.Add(JudgeCertificate(logins, until));
        if (probingAccounting is not null)
        {
            bool isStatusKnown = login is not RadiusOutcome.Reply || status is RadiusOutcome.Reply;
            RadiusOutcome account = await probingAccounting.ConfigureAwait(false);
            findings.Add(JudgeAccounting(row, $"RADIUS accounting at {accounts}", account, isStatusKnown));
        }
        return findings;
    }

    /// <returns>Null: there is a way to the server, from the address of the row.</returns>
    private static Finding? ExamineWay(RadiusServer row, IPEndPoint server)
    {
        try
        {
            // Nothing is sent: the system only looks for the way.
            using Socket socket = new(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            if (row.SrcAddress is { } source)
                socket.Bind(new IPEndPoint(source, 0));
            socket.Connect(server);
            return null;
        }
        catch (SocketException e)
        {
            return new Finding(
                Verdict.Bad, $"RADIUS logins at {server}", e.Message,
                e.SocketErrorCode == SocketError.AddressNotAvailable
                    ? "set src-address in [[radius]] to an address of this host"
                    : $"ip route get {row.Address} shows the way there");
        }
    }

    private static RadiusPeer Open(RadiusServer row, RadiusPurpose purpose, out IRadiusPort port)
    {
        port = RadiusPorts.Open(row, purpose, TimeProvider.System);
        return new RadiusPeer(row, purpose, port, new MonotonicClock(TimeProvider.System), NullLogger.Instance);
    }

    private static RadiusRequest LoginOf(RadiusServer row, string identity)
    {
        // A server that hands on to others by realm or domain asks those.
        string name = row.Domain is { } domain ? $@"{domain}\{Nobody}"
            : row.Realm is { } realm ? $"{Nobody}@{realm}"
            : Nobody;
        byte[] password = RandomNumberGenerator.GetBytes(PasswordLength);
        return RadiusLogin.Describe(
            new AccessRequest(
                new PapCredentials(name, Encoding.UTF8.GetBytes(name), password),
                IPAddress.Loopback, IPAddress.Loopback),
            identity)!;
    }

    private static Finding JudgeLogin(
        RadiusServer row, string subject, RadiusOutcome login, RadiusOutcome status) =>
        login switch
        {
            RadiusOutcome.Reply { Packet.Code: RadiusCode.AccessAccept } => new Finding(
                Verdict.Doubtful, subject, $"a user it cannot know is let in ({Nobody}, with a random password)",
                "look at the server for a rule that accepts everybody"),
            RadiusOutcome.Reply when status is RadiusOutcome.Reply =>
                new Finding(Verdict.Good, subject, "are answered"),
            RadiusOutcome.Reply => new Finding(
                Verdict.Doubtful, subject,
                "are answered, but not Status-Server: after an outage the server is asked again only every 30 seconds",
                "let the server answer Status-Server (in FreeRADIUS status_server = yes in the section security)"),
            RadiusOutcome.Silent { LastBad: null } when status is RadiusOutcome.Reply => new Finding(
                Verdict.Bad, subject, "are not answered, though Status-Server is",
                "the server's own log says why: what it asks in turn, a database or another server, may be away"),
            _ => JudgeFailure(row, subject, login),
        };

    private static Finding JudgeAccounting(
        RadiusServer row, string subject, RadiusOutcome account, bool isStatusKnown) =>
        account switch
        {
            RadiusOutcome.Reply => new Finding(Verdict.Good, subject, "is answered"),
            RadiusOutcome.Silent { LastBad: null } when !isStatusKnown => new Finding(
                Verdict.Doubtful, subject, "cannot be looked at: the server does not answer Status-Server",
                "see that its accounting-port is right; pptpd status shows how many reports wait"),
            _ => JudgeFailure(row, subject, account),
        };

    private static Finding JudgeFailure(RadiusServer row, string subject, RadiusOutcome outcome) => new(
        Verdict.Bad, subject, RadiusPeer.Describe(outcome),
        outcome switch
        {
            RadiusOutcome.Failed when row.Protocol == RadiusProtocol.RadSec =>
                $"openssl s_client -connect {new IPEndPoint(row.Address, row.RadSecPort)} shows its certificate: who "
                + "has signed it must be in certificate-authority, its name be server-name; and it must trust ours",
            RadiusOutcome.Silent { LastBad: BadReply.NoMessageAuthenticator } => AttemptCauses.RadiusUnsigned.Hint,
            RadiusOutcome.Silent { LastBad: BadReply.WrongSecret or BadReply.WrongMessageAuthenticator } =>
                AttemptCauses.RadiusWrongSecret.Hint,
            _ => AttemptCauses.RadiusSilent.Hint,
        });

    private static Finding JudgeCertificate(IPEndPoint server, DateTime until)
    {
        string subject = $"certificate of {server}";
        string detail = $"is verified; it ends on {until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
        return until - DateTime.UtcNow < ShortLife
            ? new Finding(Verdict.Doubtful, subject, detail, "renew it: no user of the server gets in afterwards")
            : new Finding(Verdict.Good, subject, detail);
    }

    private static Finding ExamineIncoming(PptpConfiguration configuration)
    {
        RadiusIncomingSettings settings = configuration.RadiusIncoming;
        string subject = $"radius-incoming, UDP {settings.Port}";
        List<string> senders = [.. SendersOf(configuration).Distinct()];
        if (senders.Count == 0)
        {
            return new Finding(
                Verdict.Doubtful, subject, "is open, and nobody may send there",
                "a [[radius]] row with the sender's address and secret, or sources and secret in [radius-incoming]");
        }
        try
        {
            bool hasIpv6 = Socket.OSSupportsIPv6;
            using Socket socket = new(
                hasIpv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork,
                SocketType.Dgram, ProtocolType.Udp);
            if (hasIpv6)
                socket.DualMode = true;
            socket.Bind(new IPEndPoint(hasIpv6 ? IPAddress.IPv6Any : IPAddress.Any, settings.Port));
            return new Finding(
                Verdict.Good, subject, $"is free; requests are taken from {string.Join(", ", senders)}");
        }
        catch (SocketException e)
        {
            return new Finding(
                Verdict.Bad, subject,
                e.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? "is in use (by a running pptpd, or another server)"
                    : e.Message,
                $"ss -lunp 'sport = :{settings.Port}' shows by whom");
        }
    }

    /// <summary>Who is heard, and has a secret.</summary>
    private static IEnumerable<string> SendersOf(PptpConfiguration configuration)
    {
        RadiusIncomingSettings settings = configuration.RadiusIncoming;
        IEnumerable<IPAddress> rows = configuration.Radius
            .Select(row => row.Address)
            .Where(address => RadiusIncoming.SecretOf(configuration, address) is not null);
        return settings is { Secret: not null, Sources.Count: > 0 }
            ? settings.Sources.Select(source => $"{source}")
            : rows.Select(address => $"{address}");
    }
}
