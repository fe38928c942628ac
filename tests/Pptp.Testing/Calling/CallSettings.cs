using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;
using Pptp.Testing.Calling.Eap;
using Pptp.Testing.Radius;

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

    /// <summary>
    /// The login methods the caller takes. To another it says no with the first of these; with none it refuses to
    /// log in.
    /// </summary>
    public IReadOnlyList<AuthenticationMethod> Methods { get; init; } = [AuthenticationMethod.MsChapV2];

    /// <summary>The method inside EAP, where LCP has settled that.</summary>
    public EapWay Eap { get; init; } = EapWay.Md5;

    /// <summary>Of the caller, for EAP-TLS, with who has to have signed the server's.</summary>
    public CertificateFiles? Certificate { get; init; }

    /// <summary>Octets of TLS in one packet of EAP-TLS at most.</summary>
    public int TlsFragment { get; init; } = 1000;

    /// <summary>The login method that is asked of the other end, whatever it says to that; null: none.</summary>
    public AuthenticationMethod? Demands { get; init; }

    /// <summary>Tried one after the other, where the server allows a further try.</summary>
    public IReadOnlyList<string> FurtherPasswords { get; init; } = [];

    /// <summary>What to choose when the server says that the password has expired; null: nothing.</summary>
    public string? NewPassword { get; init; }

    /// <summary>The longest packet the caller takes, told by LCP; null leaves the option out.</summary>
    public ushort? Mru { get; init; } = 1450;

    /// <summary>The longest packet the caller puts together from fragments; null: it knows no multilink.</summary>
    public ushort? Mrru { get; init; }

    /// <summary>The caller wants fragments with numbers of 12 bits.</summary>
    public bool ShortNumbers { get; init; }

    /// <summary>
    /// All that comes after the login leaves with multilink heads, as Linux does it, in fragments of at most so many
    /// octets of a packet; null: whole and without.
    /// </summary>
    public int? FragmentSize { get; init; }

    /// <summary>MPPE; false rejects CCP.</summary>
    public bool Encrypt { get; init; } = true;

    /// <summary>The strength of MPPE that is asked for.</summary>
    public MppeStrength Strength { get; init; } = MppeStrength.Bits128;

    /// <summary>The mode of MPPE that is asked for.</summary>
    public bool Stateless { get; init; } = true;

    /// <summary>Naks the server's wish for another form of MPPE, and repeats its own whatever it is told.</summary>
    public bool InsistsOnForm { get; init; }

    /// <summary>Goes on in the clear when the server closes or rejects CCP.</summary>
    public bool MayGoInClear { get; init; }

    /// <summary>The caller falls silent when it gets there, and takes and sends nothing any more.</summary>
    public CallPhase? MuteAfter { get; init; }

    /// <summary>Ask for name servers by the options of RFC 1877.</summary>
    public bool AskForServers { get; init; }

    /// <summary>Answer the server's LCP Echo-Requests.</summary>
    public bool AnswerEchoes { get; init; } = true;

    /// <summary>Ask for IPv6 beside IPv4; false says nothing to IPv6CP.</summary>
    public bool Ipv6 { get; init; }

    /// <summary>The lower half of the caller's link-local address, which is asked for; 0 asks to be told one.</summary>
    public ulong InterfaceIdentifier { get; init; } = 0x0200_5EFF_FE00_5301;

    /// <summary>Echo-Requests that are longer, in octets, get lost on the way.</summary>
    public int LongestEcho { get; init; } = int.MaxValue;
}
