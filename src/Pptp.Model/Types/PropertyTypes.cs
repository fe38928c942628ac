using System.Net;

namespace Pptp.Model.Types;

/// <summary>The types the menus share.</summary>
internal static class PropertyTypes
{
    /// <summary>The longest name: what one octet of length can count in the protocols that carry it.</summary>
    internal const int LongestName = 255;

    private const int LongestText = 4096;

    internal static YesNoType YesNo { get; } = new();

    internal static TextType Name { get; } = new("a name", LongestName, allowEmpty: false, allowLines: false);

    internal static PathType Path { get; } = new();

    internal static OptionalType<string> OptionalPath { get; } = new(Path);

    internal static OptionalType<string> PathOrNone { get; } = new(Path, "none");

    /// <summary>The name of something, or nothing.</summary>
    internal static OptionalType<string> OptionalName { get; } = new(Name);

    internal static OptionalType<string> NameOrNone { get; } = new(Name, "none");

    /// <summary>A line of text, or nothing.</summary>
    internal static OptionalType<string> OptionalText { get; } =
        new(new TextType("a text", LongestText, allowEmpty: true, allowLines: false));

    /// <summary>Text of any number of lines, or nothing.</summary>
    internal static OptionalType<string> Lines { get; } =
        new(new TextType("a text", 65536, allowEmpty: true, allowLines: true));

    internal static WordType<TriState> TriState { get; } =
        new(("default", Model.TriState.Default), ("no", Model.TriState.No), ("yes", Model.TriState.Yes));

    /// <summary>RouterOS' command line says <c>required</c>, its prose <c>require</c>.</summary>
    internal static WordType<Negotiation> Negotiation { get; } = new(
        ("default", Model.Negotiation.Default),
        ("no", Model.Negotiation.No),
        ("yes", Model.Negotiation.Yes),
        ("required", Model.Negotiation.Required),
        ("require", Model.Negotiation.Required));

    internal static OptionalType<AddressSource> AddressSource { get; } = new(new AddressSourceType());

    internal static ListType<IPAddress> Addresses { get; } = new(new AddressType(), "IPv4 addresses");

    internal static ServerAddressType ServerAddress { get; } = new();

    internal static IntegerType Port { get; } = new(1, 65535);

    internal static Ipv6PrefixType Ipv6Prefix { get; } = new();

    internal static OptionalValueType<TimeSpan> TimeOrNone { get; } =
        new(new TimeType(TimeSpan.FromSeconds(1)), "none");

    // RFC 2637 §4.1 bounds a tunnelled packet at 1532 octets; 1500 leaves room for PPP and MPPE headers.
    internal static IntegerType PacketSize { get; } = new(512, 1500);

    /// <summary>What multilink puts together.</summary>
    internal static OptionalValueType<int> Mrru { get; } = new(new IntegerType(512, 65535), "disabled");

    internal static OptionalValueType<TimeSpan> Keepalive { get; } =
        new(new TimeType(TimeSpan.FromSeconds(1), printSeconds: true), "disabled");

    internal static InterfaceNameType InterfaceName { get; } = new();

    internal static OctetCountType Octets { get; } = new();
}
