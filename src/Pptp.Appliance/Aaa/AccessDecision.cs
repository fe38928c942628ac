using System.Net;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;

namespace Pptp.Appliance.Aaa;

/// <summary>Somebody wants in.</summary>
/// <param name="CallerId">Address the client calls from.</param>
/// <param name="CalledId">Address of ours that it called.</param>
internal sealed record AccessRequest(PeerCredentials Credentials, IPAddress CallerId, IPAddress CalledId);

/// <summary>Whether he may come in, and with what.</summary>
internal abstract record AccessDecision
{
    /// <param name="SuccessMessage">The server's proof that it knows the password too, for MS-CHAPv2.</param>
    /// <param name="Keys">What MPPE starts from; null where the method gives none.</param>
    /// <param name="PasswordChanged">The user has just chosen another password, which is kept.</param>
    public sealed record Accept(
        SessionParameters Parameters, string? SuccessMessage, MppeStartKeys? Keys, bool PasswordChanged = false)
        : AccessDecision;

    /// <param name="Cause">For the log; the peer is told no more than <see cref="RefusalCause.ErrorCode"/>.</param>
    /// <param name="Detail">What the cause leaves open, in English; may hold the peer's text.</param>
    public sealed record Reject(RefusalCause Cause, string? Detail = null) : AccessDecision
    {
        public override string ToString() => Detail is null ? Cause.Text : $"{Cause.Text}: {Detail}";
    }
}

/// <summary>Decides who may come in.</summary>
internal interface IAccessService
{
    /// <summary>Never throws for anything the peer sent.</summary>
    ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken cancellation);
}
