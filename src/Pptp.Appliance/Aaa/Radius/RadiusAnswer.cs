using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>What became of a request, over all servers that were asked.</summary>
/// <param name="Outcome">Of several the one that tells most.</param>
/// <param name="Peer">Who gave it; null: nobody was asked.</param>
internal sealed record RadiusAnswer(RadiusOutcome Outcome, RadiusPeer? Peer);
