using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pptp.Protocol.Authentication;

/// <summary>The authenticator's side of MS-CHAPv2 (RFC 2759).</summary>
/// <param name="serverName">The Name in our challenges; cut at 256 bytes.</param>
/// <param name="random">Challenges come from here: must be unpredictable.</param>
/// <param name="timers">Null: <see cref="ChapTimers.Default"/>.</param>
public sealed class MsChapV2Authenticator(string serverName, IRandomSource random, ChapTimers? timers = null)
    : ChapAuthenticator(serverName, random, timers ?? ChapTimers.Default)
{
    // The last Response.
    private MsChapV2Credentials? _login;
    private byte _flags;

    /// <inheritdoc/>
    public override ChapAlgorithm Algorithm => ChapAlgorithm.MsChapV2;

    private protected override int ChallengeLength => MsChapV2.ChallengeLength;

    private protected override bool CanChangePassword => true;

    private protected override PeerCredentials? ReadResponse(
        byte identifier, ReadOnlySpan<byte> value, ReadOnlySpan<byte> name, out string error)
    {
        if (!MsChapV2Response.TryParse(value, out MsChapV2Response response))
        {
            error = string.Create(
                CultureInfo.InvariantCulture, $"a response of {value.Length} bytes where MS-CHAPv2 has 49");
            return null;
        }
        if (CryptographicOperations.FixedTimeEquals(response.PeerChallenge, Challenge))
        {
            // No honest peer draws our 16 bytes; one that passes our challenge on as its own does.
            error = "a response that gives our own challenge back";
            return null;
        }
        _flags = response.Flags;
        error = "";
        _login = new MsChapV2Credentials(
            ChapText.Decode(name),
            name.ToArray(),
            identifier,
            Challenge,
            response.PeerChallenge.ToArray(),
            response.NtResponse.ToArray(),
            response.Flags);
        return _login;
    }

    private protected override PeerCredentials? ReadPasswordChange(
        byte identifier, ReadOnlySpan<byte> data, out string error)
    {
        if (_login is null
            || !MsChapV2PasswordChange.TryParse(
                data, _login, identifier, Challenge, out MsChapV2PasswordChange? change))
        {
            error = string.Create(
                CultureInfo.InvariantCulture,
                $"a change of password of {data.Length} bytes where MS-CHAPv2 has {MsChapV2PasswordChange.Length}");
            return null;
        }
        error = "";
        return change;
    }

    // RFC 2759 §5: "S=<proof> M=<message>".
    private protected override bool TryEncodeSuccess(AuthenticationVerdict.Accept verdict, out byte[] message)
    {
        message = Encoding.UTF8.GetBytes(verdict.SuccessMessage ?? "");
        Span<byte> proof = stackalloc byte[SHA1.HashSizeInBytes];
        if (!MsChapV2.TryReadAuthenticatorResponse(message, proof))
            return false;

        // Windows 98 sets a flag and does not understand M=.
        if (_flags != 0)
            message = message[..MsChapV2.AuthenticatorResponseLength];
        else if (message.Length == MsChapV2.AuthenticatorResponseLength)
            message = [.. message, .. " M="u8, .. Encoding.UTF8.GetBytes(DefaultSuccessMessage)];
        return true;
    }

    // RFC 2759 §6: "E=eeeeeeeeee R=r C=cccccccccccccccccccccccccccccccc V=vvvvvvvvvv M=<msg>".
    private protected override byte[] EncodeFailure(AuthenticationVerdict.Reject verdict, bool mayRetry)
    {
        string codes = string.Create(
            CultureInfo.InvariantCulture,
            $"E={verdict.ErrorCode} R={(mayRetry ? 1 : 0)} C={Convert.ToHexString(Challenge)} V=3 M=");
        return [.. Encoding.ASCII.GetBytes(codes), .. ChapText.Encode(verdict.Message, MaximumMessageLength)];
    }
}
