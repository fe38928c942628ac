namespace Pptp.Appliance.Aaa.Radius;

/// <summary>What a server is asked for; each has its port and its own health.</summary>
internal enum RadiusPurpose
{
    Authentication,
    Accounting,
}
