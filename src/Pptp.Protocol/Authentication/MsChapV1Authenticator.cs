using System.Globalization;
using System.Text;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The authenticator's side of MS-CHAPv1 (RFC 2433). The NT response counts and the LM response never does. Its packets
/// for a change of password are not understood.
/// </summary>
/// <param name="serverName">The Name in our challenges; cut at 256 bytes.</param>
/// <param name="random">Challenges come from here: must be unpredictable.</param>
/// <param name="timers">Null: <see cref="ChapTimers.Default"/>.</param>
public sealed class MsChapV1Authenticator(string serverName, IRandomSource random, ChapTimers? timers = null)
    : ChapAuthenticator(serverName, random, timers ?? ChapTimers.Default)
{
    /// <inheritdoc/>
    public override ChapAlgorithm Algorithm => ChapAlgorithm.MsChapV1;

    private protected override int ChallengeLength => MsChapV1.ChallengeLength;

    private protected override PeerCredentials? ReadResponse(
        byte identifier, ReadOnlySpan<byte> value, ReadOnlySpan<byte> name, out string error)
    {
        if (!MsChapV1Response.TryParse(value, out MsChapV1Response response))
        {
            error = string.Create(
                CultureInfo.InvariantCulture, $"a response of {value.Length} bytes where MS-CHAPv1 has 49");
            return null;
        }
        error = "";
        return new MsChapV1Credentials(
            ChapText.Decode(name),
            name.ToArray(),
            identifier,
            Challenge,
            response.LmResponse.ToArray(),
            response.NtResponse.ToArray(),
            IsLanManagerOnly: response.UseNtResponse == 0);
    }

    // RFC 2433 §7: as in standard CHAP.
    private protected override bool TryEncodeSuccess(AuthenticationVerdict.Accept verdict, out byte[] message)
    {
        message = ChapText.Encode(verdict.SuccessMessage ?? DefaultSuccessMessage, MaximumMessageLength);
        return true;
    }

    // RFC 2433 §8: "E=eeeeeeeeee R=r C=cccccccccccccccc V=vvvvvvvvvv", and no words for the user.
    private protected override byte[] EncodeFailure(AuthenticationVerdict.Reject verdict, bool mayRetry)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"E={verdict.ErrorCode} R={(mayRetry ? 1 : 0)} C={Convert.ToHexString(Challenge)} V=2");
        return Encoding.ASCII.GetBytes(text);
    }
}
