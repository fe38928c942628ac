namespace Pptp.Testing.Calling;

/// <summary>Who calls, and how.</summary>
public sealed record CallSettings
{
    public CallSettings(string user, string password)
    {
        User = user;
        Password = password;
    }

    public string User { get; init; }

    public string Password { get; init; }

    /// <summary>The longest packet the caller takes, told by LCP; null leaves the option out.</summary>
    public ushort? Mru { get; init; } = 1450;

    /// <summary>MPPE-128 stateless; false rejects CCP.</summary>
    public bool Encrypt { get; init; } = true;

    /// <summary>The caller falls silent when it gets there, and takes and sends nothing any more.</summary>
    public CallPhase? MuteAfter { get; init; }

    /// <summary>Ask for name servers by the options of RFC 1877.</summary>
    public bool AskForServers { get; init; }

    /// <summary>Answer the server's LCP Echo-Requests.</summary>
    public bool AnswerEchoes { get; init; } = true;
}
