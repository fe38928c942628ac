namespace Pptp.Testing.Radius;

/// <summary>What radclient got.</summary>
/// <param name="Code">As FreeRADIUS calls it: <c>Access-Accept</c>, <c>CoA-NAK</c>; null: nobody answered rightly.</param>
/// <param name="Attributes">The first value of each attribute of the answer.</param>
/// <param name="Output">All that it said, for a failure's message.</param>
public sealed record RadClientReply(string? Code, IReadOnlyDictionary<string, string> Attributes, string Output);
