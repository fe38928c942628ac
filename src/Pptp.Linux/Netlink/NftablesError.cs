namespace Pptp.Linux;

/// <summary>One thing libnftables says of commands it did not carry out.</summary>
/// <param name="Message">Its own words.</param>
/// <param name="Start">Where in the commands the trouble is, in octets from 0; -1: it does not say.</param>
/// <param name="Length">In octets.</param>
public sealed record NftablesError(string Message, int Start = -1, int Length = 0);
