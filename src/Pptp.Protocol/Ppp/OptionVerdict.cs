namespace Pptp.Protocol.Ppp;

/// <summary>What one option of a peer's Configure-Request deserves (RFC 1661 §5.2-5.4).</summary>
internal readonly record struct OptionVerdict
{
    private OptionVerdict(bool isReject, PppOption? suggestion)
    {
        IsReject = isReject;
        Suggestion = suggestion;
    }

    public static OptionVerdict Ack => default;

    public static OptionVerdict Reject => new(true, null);

    public bool IsReject { get; }

    /// <summary>The option as we would take it: the answer is a Nak.</summary>
    public PppOption? Suggestion { get; }

    public static OptionVerdict Nak(PppOption suggestion) => new(false, suggestion);
}
