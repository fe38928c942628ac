using System.Net;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;

namespace Pptp.Appliance.Aaa;

/// <summary>Somebody wants in.</summary>
/// <param name="CallerId">Address the client calls from.</param>
/// <param name="CalledId">Address of ours that it called.</param>
internal sealed record AccessRequest(PeerCredentials Credentials, IPAddress CallerId, IPAddress CalledId)
{
    /// <summary>What servers know the session by; null: it has no identity yet.</summary>
    public SessionIdentity? Session { get; init; }

    /// <summary>What the challenge left that this answers; null: it answers none.</summary>
    public AccessContinuation? Continuation { get; init; }

    /// <summary>The longest PPP packet the client takes, in octets, and with it the longest of EAP; null: unknown.</summary>
    public int? PeerMru { get; init; }
}

/// <summary>Whether he may come in, and with what.</summary>
internal abstract record AccessDecision
{
    /// <param name="SuccessMessage">The server's proof that it knows the password too, for MS-CHAPv2.</param>
    /// <param name="Keys">What MPPE starts from; null where the method gives none.</param>
    /// <param name="PasswordChanged">The user has just chosen another password, which is kept.</param>
    public sealed record Accept(
        SessionParameters Parameters, string? SuccessMessage, MppeStartKeys? Keys, bool PasswordChanged = false)
        : AccessDecision
    {
        /// <summary>What EAP says at its end; null: nothing, or another method.</summary>
        public byte[]? EapPacket { get; init; }
    }

    /// <summary>EAP goes on: the peer is to answer this.</summary>
    /// <param name="EapPacket">For the peer.</param>
    /// <param name="Continuation">Goes back with the answer.</param>
    public sealed record Challenge(byte[] EapPacket, AccessContinuation Continuation) : AccessDecision;

    /// <param name="Cause">For the log; the peer is told no more than what follows it here.</param>
    /// <param name="Detail">What the cause leaves open, in English; may hold the peer's text.</param>
    public sealed record Reject(RefusalCause Cause, string? Detail = null) : AccessDecision
    {
        /// <summary>As <see cref="RefusalCause.ErrorCode"/>.</summary>
        public int ErrorCode { get; init; } = Cause.ErrorCode;

        /// <summary>As <see cref="RefusalCause.MayRetry"/>.</summary>
        public bool MayRetry { get; init; } = Cause.MayRetry;

        /// <summary>The client learns from it that its password is right.</summary>
        public bool AdmitsPassword => ErrorCode != RefusalCause.BadCredentials;

        /// <summary>For the peer's user.</summary>
        public string Message { get; init; } = "Access denied";

        /// <summary>What EAP says at its end; null: nothing, or another method.</summary>
        public byte[]? EapPacket { get; init; }

        public override string ToString() => Detail is null ? Cause.Text : $"{Cause.Text}: {Detail}";
    }
}

/// <summary>Decides who may come in.</summary>
internal interface IAccessService
{
    /// <summary>Never throws for anything the peer sent.</summary>
    ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken cancellation);
}
