using System.Net;

namespace Pptp.Appliance.DataPlane;

/// <summary>GRE that belongs to no call, but looks as if it were meant for one.</summary>
/// <param name="Source">Where it came from.</param>
/// <param name="CallId">The call id in it.</param>
public readonly record struct StrayGre(IPAddress Source, ushort CallId);
