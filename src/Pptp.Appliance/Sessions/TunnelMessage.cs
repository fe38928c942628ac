using Pptp.Appliance.Aaa;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Interfaces;

namespace Pptp.Appliance.Sessions;

/// <summary>What reaches a <see cref="TunnelSession"/>'s mailbox.</summary>
internal abstract record TunnelMessage
{
    /// <summary>Octets of the control connection; the reader goes on when they have been taken.</summary>
    public sealed record Received(ReadOnlyMemory<byte> Bytes) : TunnelMessage;

    /// <summary>The control connection is gone.</summary>
    public sealed record ConnectionLost(string Why) : TunnelMessage;

    /// <summary>A deadline has come.</summary>
    public sealed record Tick : TunnelMessage
    {
        public static Tick Instance { get; } = new();
    }

    /// <summary>The daemon ends: hang up every call, close the connection.</summary>
    public sealed record Stop : TunnelMessage;

    /// <summary>Something for one of the tunnel's calls.</summary>
    public sealed record ForCall(CallSession Call, CallMessage Message) : TunnelMessage;
}

/// <summary>What reaches a <see cref="CallSession"/>, through its tunnel's mailbox.</summary>
internal abstract record CallMessage
{
    /// <summary>A PPP frame that is not IP.</summary>
    public sealed record ControlFrame(byte[] Frame) : CallMessage;

    /// <summary>The peer is to be asked for a reset of stateful MPPE.</summary>
    public sealed record DecryptLost : CallMessage;

    /// <summary>The peer's packets cannot be decrypted any more.</summary>
    public sealed record DecryptHopeless(string Why) : CallMessage;

    /// <summary>The worker has let go of the call.</summary>
    public sealed record DataPathClosed(DataPathCounters Counters, string? Failure) : CallMessage;

    /// <summary>The answer to the user's credentials.</summary>
    /// <param name="Attempt">Which credentials: an answer to earlier ones must not meet later ones.</param>
    public sealed record AccessDecided(AccessDecision Decision, int Attempt) : CallMessage;

    /// <summary>The session has carried what limit-bytes-in or limit-bytes-out lets it carry.</summary>
    public sealed record LimitReached : CallMessage
    {
        public static LimitReached Instance { get; } = new();
    }

    /// <summary>The session shall end, as <see cref="CallSession.RequestEnd"/> says.</summary>
    public sealed record EndRequested(string Text, DisconnectReason Reason) : CallMessage;

    /// <summary>A new configuration is in force.</summary>
    public sealed record ConfigurationChanged : CallMessage
    {
        public static ConfigurationChanged Instance { get; } = new();
    }

    /// <summary>The interface's queue is as long as it was to be, unless that failed.</summary>
    public sealed record QueueLengthSet(string? Failure) : CallMessage;

    /// <summary>What can fail of a change is to be done, the rest looked at.</summary>
    public sealed record ChangeAsked(SessionChange Change) : CallMessage;

    /// <summary>The interface is filtered and listed otherwise, unless that failed.</summary>
    /// <param name="Change">What it was for.</param>
    /// <param name="Membership">As it is now.</param>
    /// <param name="Failure">For the log; null: none.</param>
    public sealed record FirewallSet(SessionChange Change, FirewallMembership Membership, string? Failure) : CallMessage;

    /// <summary>The rest of a change is to be done, or what was done of it undone.</summary>
    public sealed record ChangeDecided(SessionChange Change, bool IsMade) : CallMessage;

    /// <summary>The sessions this one has to follow are gone, or have had their time to go.</summary>
    public sealed record PlaceFree(AccessDecision.Accept Decision) : CallMessage;

    /// <summary>The tunnel's interface is up, or could not be made.</summary>
    public sealed record InterfaceReady(TunnelInterface? Tunnel, Exception? Failure) : CallMessage;

    /// <summary>The tunnel's interface has IPv6, or could not be given it.</summary>
    public sealed record Ipv6Ready(Exception? Failure) : CallMessage;

    /// <summary>The peer looks for its router.</summary>
    public sealed record RouterSolicited : CallMessage
    {
        public static RouterSolicited Instance { get; } = new();
    }
}
