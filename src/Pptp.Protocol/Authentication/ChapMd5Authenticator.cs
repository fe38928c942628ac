using System.Globalization;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The authenticator's side of CHAP with MD5 (RFC 1994). A Failure is the end: there is nothing in it a further try
/// could answer.
/// </summary>
/// <param name="serverName">The Name in our challenges; cut at 256 bytes.</param>
/// <param name="random">Challenges come from here: must be unpredictable.</param>
/// <param name="timers">Null: <see cref="ChapTimers.Default"/>.</param>
public sealed class ChapMd5Authenticator(string serverName, IRandomSource random, ChapTimers? timers = null)
    : ChapAuthenticator(serverName, random, timers ?? ChapTimers.Default)
{
    /// <inheritdoc/>
    public override ChapAlgorithm Algorithm => ChapAlgorithm.Md5;

    private protected override int ChallengeLength => ChapMd5.Length;

    private protected override bool CanRetry => false;

    private protected override PeerCredentials? ReadResponse(
        byte identifier, ReadOnlySpan<byte> value, ReadOnlySpan<byte> name, out string error)
    {
        if (value.Length != ChapMd5.Length)
        {
            error = string.Create(
                CultureInfo.InvariantCulture, $"a response of {value.Length} bytes where CHAP-MD5 has 16");
            return null;
        }
        error = "";
        return new ChapMd5Credentials(
            ChapText.Decode(name), name.ToArray(), identifier, Challenge, value.ToArray());
    }

    private protected override bool TryEncodeSuccess(AuthenticationVerdict.Accept verdict, out byte[] message)
    {
        message = ChapText.Encode(verdict.SuccessMessage ?? DefaultSuccessMessage, MaximumMessageLength);
        return true;
    }

    private protected override byte[] EncodeFailure(AuthenticationVerdict.Reject verdict, bool mayRetry) =>
        ChapText.Encode(verdict.Message, MaximumMessageLength);
}
