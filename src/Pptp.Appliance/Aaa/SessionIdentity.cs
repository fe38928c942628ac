namespace Pptp.Appliance.Aaa;

/// <summary>What servers know a session by, from its login to its last record of accounting.</summary>
/// <param name="AcctSessionId">Eight hexadecimal digits, never given twice.</param>
/// <param name="NasPort">Unlike that of any other session there is now.</param>
internal sealed record SessionIdentity(string AcctSessionId, uint NasPort);
