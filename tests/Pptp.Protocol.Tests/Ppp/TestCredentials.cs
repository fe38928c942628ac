using Pptp.Protocol.Authentication;

namespace Pptp.Protocol.Tests.Ppp;

internal sealed record TestCredentials(string UserName) : PeerCredentials(UserName, [.. UserName.Select(c => (byte)c)]);
