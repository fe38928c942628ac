using System.Globalization;
using System.Text;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>MS-CHAP-Error (RFC 2548 §2.1.5), whose text is RFC 2759's <c>E=691 R=1 C=... V=3 M=text</c>.</summary>
/// <param name="Code">Of RFC 2759 §6; whatever else a server says is 691.</param>
/// <param name="MayRetry">The server lets the user try again at once.</param>
/// <param name="Version">Of the change of password the server can do; 0: it has not said.</param>
/// <param name="Message">For the user; null: there is none.</param>
internal sealed record MsChapError(int Code, bool MayRetry, int Version, string? Message)
{
    private const int BadCredentials = 691;
    private const string MessageField = "M=";

    /// <param name="value">Of any length: an identifier, which nobody needs here, and the text.</param>
    /// <returns>Null: no code is in it.</returns>
    public static MsChapError? Parse(ReadOnlySpan<byte> value)
    {
        string text = Encoding.UTF8.GetString(value);
        int start = text.IndexOf("E=", StringComparison.Ordinal);
        // Some servers leave the identifier out.
        if (start is < 0 or > 1)
            return null;
        string? message = null;
        int end = text.IndexOf(" " + MessageField, StringComparison.Ordinal);
        if (end >= 0)
        {
            message = text[(end + 1 + MessageField.Length)..].Trim();
            text = text[..end];
        }
        int? code = null;
        int retry = 0;
        int version = 0;
        foreach (string field in text[start..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (field.Length < 3 || field[1] != '=' || Number(field[2..]) is not { } number)
                continue;
            switch (field[0])
            {
                case 'E':
                    code ??= number;
                    break;
                case 'R':
                    retry = number;
                    break;
                case 'V':
                    version = number;
                    break;
            }
        }
        return code is { } known
            ? new MsChapError(CodeOf(known), retry == 1, version, message is { Length: > 0 } ? message : null)
            : null;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static int CodeOf(int code) => code is >= 646 and <= 649 or 709 ? code : BadCredentials;
}
