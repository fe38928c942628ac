namespace Pptp.Radius;

/// <summary>What is to be asked, for any server: what depends on its secret is made when it is sent.</summary>
/// <param name="Code">Access-Request, Accounting-Request or Status-Server.</param>
/// <param name="Values">
/// In the clear and in the order they are sent in, without Message-Authenticator. State, Class and Proxy-State go back
/// as they came.
/// </param>
public sealed record RadiusRequest(RadiusCode Code, IReadOnlyList<RadiusValue> Values);
