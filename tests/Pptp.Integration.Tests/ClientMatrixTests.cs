using Pptp.Testing;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>
/// Our client at our server: every login method with every form of MPPE, and what the use-encryption of both makes of
/// them. What comes up does so with just that form and carries traffic; the rest is left by one of the two.
/// </summary>
internal sealed class ClientMatrixTests : ClientFixture
{
    private const string NoEncryption = "none";

    private static readonly string[] Policies = ["no", "yes", "required"];

    private static readonly string[] Forms =
    [
        NoEncryption, "40-stateless", "40-stateful", "56-stateless", "56-stateful", "128-stateless", "128-stateful",
    ];

    private enum Outcome
    {
        Refused,
        InClear,
        Encrypted,
    }

    protected override ServerConfiguration Configuration => new()
    {
        Authentication = "pap,chap,mschap1,mschap2",
        ServerExtra = "max-starting = 0",
        Extra = string.Concat(
            from policy in Policies
            from form in Forms
            let user = UserOf(policy, form)
            select ServerConfiguration.Profile($"{policy}-{form}", Encryption(policy), Allowed(form))
                + ServerConfiguration.Secret(user, $"{policy}-{form}")),
    };

    [TestCase("pap")]
    [TestCase("chap")]
    [TestCase("mschap1")]
    [TestCase("mschap2")]
    [EffectOf("pptp-client", "allow")]
    [EffectOf("pptp-client", "profile")]
    public async Task Every_tunnel_comes_up_as_both_ends_want_it_or_not_at_all(string method)
    {
        Tunnel[] tunnels =
        [
            .. from server in Policies
               from form in Forms
               from client in form == NoEncryption ? ["no"] : new[] { "yes", "required" }
               select new Tunnel(server, form, client),
        ];
        string[] names = [.. tunnels.Select((_, i) => $"pptp-out{i}")];
        StartClient(
            string.Concat(tunnels.Select(tunnel => (tunnel.Client, tunnel.Form)).Distinct().Select(profile =>
                ServerConfiguration.Profile(
                    $"{profile.Client}-{profile.Form}", Encryption(profile.Client), Allowed(profile.Form))))
            + string.Concat(tunnels.Zip(names, (tunnel, name) => EntryOf(
                name, UserOf(tunnel.Server, tunnel.Form), $"allow = \"{method}\"", $"profile = \"{tunnel.Client}-{tunnel.Form}\""))));

        List<string> wrong = [];
        foreach ((Tunnel tunnel, string name) in tunnels.Zip(names))
        {
            Outcome expected = Expected(method, tunnel);
            WaitForLog(expected == Outcome.Refused ? $"{name}: terminating... - " : $"{name}: connected");
            bool carries = expected != Outcome.Refused && await CarriesAsync(name, attempts: 10);
            string found = string.Join(", ", Client!.Log.With($"{name}: using encoding - ").Select(line => line.Text.Split(" - ")[^1]));
            bool isRight = expected switch
            {
                Outcome.Refused => Client.Log.With($"{name}: connected").Count == 0,
                Outcome.InClear => carries && found.Length == 0,
                _ => carries && found == $"MPPE{tunnel.Form.Replace('-', ' ')}",
            };
            if (!isRight)
                wrong.Add($"{tunnel} should be {expected}: carries {carries}, encoding \"{found}\"");
        }

        Assert.That(wrong, Is.Empty, Client!.Report());
        Assert.That(
            tunnels.Count(tunnel => Expected(method, tunnel) == Outcome.Encrypted),
            method.StartsWith("mschap", StringComparison.Ordinal) ? Is.EqualTo(24) : Is.Zero);
    }

    // Keys come of MS-CHAP alone.
    private static Outcome Expected(string method, Tunnel tunnel)
    {
        bool hasKeys = method.StartsWith("mschap", StringComparison.Ordinal);
        if (tunnel.Client != "no" && tunnel.Server != "no" && hasKeys)
            return Outcome.Encrypted;
        return tunnel.Client == "required" || tunnel.Server == "required" ? Outcome.Refused : Outcome.InClear;
    }

    /// <summary>One letter: weak keys of MS-CHAPv1 need a password of no more than 14 characters.</summary>
    private static string UserOf(string policy, string form) =>
        $"{(char)('a' + (Array.IndexOf(Policies, policy) * Forms.Length) + Array.IndexOf(Forms, form))}";

    private static string Encryption(string policy) => $"use-encryption = \"{policy}\"";

    private static string Allowed(string form) => form == NoEncryption ? "" : $"mppe-allowed = [\"mppe{form}\"]";

    /// <param name="Server">use-encryption of the server's profile.</param>
    /// <param name="Form">The one form of MPPE that both allow.</param>
    /// <param name="Client">use-encryption of the client's profile.</param>
    private sealed record Tunnel(string Server, string Form, string Client);
}
