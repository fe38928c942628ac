using System.Net;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.Interfaces;
using Pptp.Model;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>RouterOS' precedence: secret over profile over the server's default profile, an address before a pool.</summary>
public sealed class SessionParametersTests
{
    private static readonly AddressSource Pool = new AddressSource.Pool("dial-in");

    [Test]
    public void The_secrets_address_goes_before_its_profiles_and_this_before_the_default_profiles()
    {
        PppSecret secret = new() { Name = "u", Profile = "own" };
        PppProfile own = new() { Name = "own" };
        PppProfile fallback = new() { Name = "fallback", RemoteAddress = Single("10.0.0.1") };
        Assert.That(Resolve(secret, own, fallback).RemoteAddress, Is.EqualTo(Single("10.0.0.1")));
        own = own with { RemoteAddress = Single("10.0.0.2") };
        Assert.That(Resolve(secret, own, fallback).RemoteAddress, Is.EqualTo(Single("10.0.0.2")));
        secret = secret with { RemoteAddress = Single("10.0.0.3") };
        Assert.That(Resolve(secret, own, fallback).RemoteAddress, Is.EqualTo(Single("10.0.0.3")));
    }

    [Test]
    public void A_single_address_goes_before_a_pool_wherever_it_stands()
    {
        PppSecret secret = new() { Name = "u", Profile = "own", RemoteAddress = Pool, LocalAddress = Pool };
        PppProfile own = new() { Name = "own", RemoteAddress = Single("10.0.0.2") };
        PppProfile fallback = new() { Name = "fallback", LocalAddress = Single("10.0.0.1") };
        SessionParameters parameters = Resolve(secret, own, fallback);
        Assert.That(parameters.RemoteAddress, Is.EqualTo(Single("10.0.0.2")));
        Assert.That(parameters.LocalAddress, Is.EqualTo(Single("10.0.0.1")));
    }

    [Test]
    public void Without_a_single_address_the_strongest_pool_is_taken()
    {
        PppSecret secret = new() { Name = "u", Profile = "own" };
        PppProfile own = new() { Name = "own", RemoteAddress = Pool };
        PppProfile fallback = new() { Name = "fallback", RemoteAddress = new AddressSource.Pool("other") };
        Assert.That(Resolve(secret, own, fallback).RemoteAddress, Is.EqualTo(Pool));
    }

    [TestCase(OnlyOne.Default, OnlyOne.Default, OnlyOne.No)]
    [TestCase(OnlyOne.Default, OnlyOne.Yes, OnlyOne.Yes)]
    [TestCase(OnlyOne.Default, OnlyOne.Replace, OnlyOne.Replace)]
    [TestCase(OnlyOne.No, OnlyOne.Yes, OnlyOne.No)]
    [TestCase(OnlyOne.Replace, OnlyOne.No, OnlyOne.Replace)]
    public void Only_one_is_inherited_where_the_profile_leaves_it_open(OnlyOne own, OnlyOne inherited, OnlyOne expected)
    {
        SessionParameters parameters = Resolve(
            new PppSecret { Name = "u", Profile = "own" },
            new PppProfile { Name = "own", OnlyOne = own },
            new PppProfile { Name = "fallback", OnlyOne = inherited });
        Assert.That(parameters.OnlyOne, Is.EqualTo(expected));
    }

    [Test]
    public void Each_filter_and_list_is_inherited_where_the_profile_has_none()
    {
        PppSecret secret = new() { Name = "u", Profile = "own" };
        PppProfile own = new() { Name = "own", OutgoingFilter = "own-out", AddressList = ["own-1"] };
        PppProfile fallback = new()
        {
            Name = "fallback",
            IncomingFilter = "in",
            OutgoingFilter = "out",
            AddressList = ["one", "two"],
            InterfaceList = "tunnels",
        };

        Assert.That(Resolve(secret, own, fallback).Firewall, Is.EqualTo(new FirewallMembership
        {
            IncomingFilter = "in",
            OutgoingFilter = "own-out",
            AddressLists = ["own-1"],
            InterfaceList = "tunnels",
        }));
        Assert.That(Resolve(secret, new PppProfile { Name = "own" }, new PppProfile { Name = "fallback" }).Firewall.IsEmpty);
    }

    [TestCase(null, null, null)]
    [TestCase(null, 60, 60)]
    [TestCase(30, 60, 30)]
    [TestCase(0, 60, null)]
    public void Timeouts_are_inherited_where_the_profile_has_none_and_0_is_none(int? own, int? inherited, int? expected)
    {
        SessionParameters parameters = Resolve(
            new PppSecret { Name = "u", Profile = "own" },
            new PppProfile { Name = "own", SessionTimeout = Seconds(own), IdleTimeout = Seconds(own) },
            new PppProfile { Name = "fallback", SessionTimeout = Seconds(inherited), IdleTimeout = Seconds(inherited) });
        Assert.That(parameters.SessionTimeout, Is.EqualTo(Seconds(expected)));
        Assert.That(parameters.IdleTimeout, Is.EqualTo(Seconds(expected)));

        static TimeSpan? Seconds(int? count) => count is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    [TestCase(Negotiation.Default, Negotiation.Required, EncryptionPolicy.Required)]
    [TestCase(Negotiation.Default, Negotiation.Yes, EncryptionPolicy.Yes)]
    [TestCase(Negotiation.Default, Negotiation.Default, EncryptionPolicy.No)]
    [TestCase(Negotiation.No, Negotiation.Required, EncryptionPolicy.No)]
    [TestCase(Negotiation.Required, Negotiation.No, EncryptionPolicy.Required)]
    [TestCase(Negotiation.Yes, Negotiation.No, EncryptionPolicy.Yes)]
    public void Encryption_is_inherited_where_the_profile_leaves_it_open(Negotiation own, Negotiation inherited, EncryptionPolicy expected)
    {
        SessionParameters parameters = Resolve(
            new PppSecret { Name = "u", Profile = "own" },
            new PppProfile { Name = "own", UseEncryption = own },
            new PppProfile { Name = "fallback", UseEncryption = inherited });
        Assert.That(parameters.Encryption, Is.EqualTo(expected));
    }

    [Test]
    public void The_forms_of_MPPE_are_inherited_where_the_profile_names_none_and_are_the_strongest_where_nobody_does()
    {
        PppSecret secret = new() { Name = "u", Profile = "own" };
        PppProfile own = new() { Name = "own" };
        PppProfile fallback = new() { Name = "fallback" };
        Assert.That(Resolve(secret, own, fallback).Mppe, Is.EqualTo(MppeOffer.Stateless128));
        fallback = fallback with { MppeAllowed = [MppeForm.Mppe56Stateful, MppeForm.Mppe128Stateful] };
        Assert.That(Resolve(secret, own, fallback).Mppe, Is.EqualTo(MppeOffer.Stateful56 | MppeOffer.Stateful128));
        own = own with { MppeAllowed = [MppeForm.Mppe40Stateless, MppeForm.Mppe40Stateful, MppeForm.Mppe56Stateless] };
        Assert.That(
            Resolve(secret, own, fallback).Mppe,
            Is.EqualTo(MppeOffer.Stateless40 | MppeOffer.Stateful40 | MppeOffer.Stateless56));
    }

    [Test]
    public void A_secret_without_a_profile_is_encrypted_by_the_built_in_ones()
    {
        PptpConfiguration configuration = new() { Secrets = [new PppSecret { Name = "u" }] };
        SessionParameters parameters = SessionParameters.Resolve(configuration, configuration.Secrets[0]);
        Assert.That(parameters.Encryption, Is.EqualTo(EncryptionPolicy.Yes));
        Assert.That(parameters.ChangeTcpMss, Is.True);
    }

    [Test]
    public void Of_the_name_servers_the_first_two_are_told()
    {
        ValueList<IPAddress> three = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2"), IPAddress.Parse("10.0.0.3")];
        SessionParameters parameters = Resolve(
            new PppSecret { Name = "u", Profile = "own" },
            new PppProfile { Name = "own", DnsServer = three },
            new PppProfile { Name = "fallback", DnsServer = [IPAddress.Loopback], WinsServer = [IPAddress.Loopback] });
        Assert.That(parameters.DnsServers, Is.EqualTo(three.Take(2)));
        Assert.That(parameters.WinsServers, Is.EqualTo(new[] { IPAddress.Loopback }));
    }

    private static AddressSource.Single Single(string address) => new(IPAddress.Parse(address));

    private static SessionParameters Resolve(PppSecret secret, PppProfile own, PppProfile fallback) =>
        SessionParameters.Resolve(
            new PptpConfiguration
            {
                PptpServer = new PptpServerSettings { DefaultProfile = fallback.Name },
                Profiles = [own, fallback],
                Secrets = [secret],
            },
            secret);
}
