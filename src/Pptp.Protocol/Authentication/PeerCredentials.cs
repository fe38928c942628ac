namespace Pptp.Protocol.Authentication;

/// <summary>What a peer offered to prove who it is. Nothing in it is checked yet.</summary>
/// <param name="UserName">
/// As the peer sent it, a domain before a backslash included; may be empty, and may hold any character.
/// </param>
/// <param name="RawUserName">The same as the bytes it came in.</param>
public abstract record PeerCredentials(string UserName, byte[] RawUserName);
