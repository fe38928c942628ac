using System.Net;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>What a row of <c>/radius</c> may be chosen by.</summary>
/// <param name="UserName">As the client sent it: <c>DOMAIN\user</c>, <c>user@realm</c> or neither.</param>
/// <param name="CalledId">The address of ours it called.</param>
internal sealed record RadiusQuery(string UserName, IPAddress CalledId)
{
    /// <summary>The one that is to be asked, for it knows what went before; null: any.</summary>
    public RadiusPeer? Server { get; init; }

    /// <summary>The Windows domain; null: it has named none.</summary>
    public string? Domain => UserName.LastIndexOf('\\') is > 0 and int at ? UserName[..at] : null;

    /// <summary>What follows the last @; null: nothing does.</summary>
    public string? Realm =>
        UserName.LastIndexOf('@') is >= 0 and int at && at + 1 < UserName.Length ? UserName[(at + 1)..] : null;
}
