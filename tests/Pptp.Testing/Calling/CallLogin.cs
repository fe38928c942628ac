using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;
using Pptp.Testing.Calling.Eap;

namespace Pptp.Testing.Calling;

/// <summary>
/// How a caller logs in: by the method that LCP settled, with one password after another, and with a new one where the
/// old has expired.
/// </summary>
internal sealed partial class CallLogin(CallSettings settings) : IDisposable
{
    private const byte Success = 3;
    private const byte Failed = 4;

    private readonly Queue<byte[]> _packets = new();
    private readonly Queue<string> _passwords = new([settings.Password, .. settings.FurtherPasswords]);
    private string _password = "";
    private AuthenticationPeer? _peer;
    private PasswordChange? _change;
    private EapCaller? _eap;

    /// <summary>Null: LCP has settled none yet.</summary>
    public AuthenticationMethod? Method { get; private set; }

    public ushort Protocol => Method switch
    {
        AuthenticationMethod.Pap => PppWire.Pap,
        AuthenticationMethod.Eap => PppWire.Eap,
        _ => PppWire.Chap,
    };

    /// <summary>Rounds of EAP so far.</summary>
    public int EapRounds => _eap?.Rounds ?? 0;

    /// <summary>The server said Success, and proved that it knows the password where the method has a proof.</summary>
    public bool HasSucceeded { get; private set; }

    /// <summary>What the last refusal said; null: it is not over.</summary>
    public string? Failure { get; private set; }

    /// <summary>The data of LCP's option 3 (RFC 1661 §6.2).</summary>
    public static byte[] OptionOf(AuthenticationMethod method) => method switch
    {
        AuthenticationMethod.MsChapV2 => [0xC2, 0x23, 0x81],
        AuthenticationMethod.MsChapV1 => [0xC2, 0x23, 0x80],
        AuthenticationMethod.ChapMd5 => [0xC2, 0x23, 0x05],
        AuthenticationMethod.Eap => [0xC2, 0x27],
        _ => [0xC0, 0x23],
    };

    /// <summary>Whether the caller takes the method the server asks for; from then on it is the one.</summary>
    public bool Agree(ReadOnlySpan<byte> option)
    {
        foreach (AuthenticationMethod method in settings.Methods)
        {
            if (!option.SequenceEqual(OptionOf(method)))
                continue;
            if (Method != method)
            {
                Method = method;
                UseNextPassword();
            }
            return true;
        }
        return false;
    }

    /// <summary>What a caller says by itself and again: with PAP its password (RFC 1334 §2).</summary>
    public void Speak()
    {
        (_peer as PapPeer)?.SendRequest();
        Drain();
    }

    public void Receive(ReadOnlySpan<byte> packet)
    {
        if (_eap is not null)
        {
            if (_eap.Receive(packet) is { } answer)
                _packets.Enqueue(answer);
            HasSucceeded |= _eap.HasSucceeded;
            Failure = _eap.Failure;
            return;
        }

        string text = Encoding.Latin1.GetString(packet[4..]);
        if (packet[0] == Failed && Method != AuthenticationMethod.Pap && TryAgain(packet[1], text))
            return;
        if (_change is not null && packet[0] is Success or Failed)
        {
            HasSucceeded = packet[0] == Success && _change.IsProvenBy(packet[4..]);
            Failure = HasSucceeded ? null : text;
            return;
        }
        _peer?.Receive(packet);
        Drain();
    }

    public bool TryTake(out byte[] packet) => _packets.TryDequeue(out packet!);

    /// <summary>The keys of the exchange that succeeded.</summary>
    /// <exception cref="InvalidOperationException">The method yields none.</exception>
    public MppeStartKeys DeriveKeys() => _change?.DeriveKeys() ?? _eap?.DeriveKeys() ?? _peer switch
    {
        MsChapV2Peer peer => peer.DeriveKeys(),
        MsChapV1Peer peer => peer.DeriveKeys(),
        _ => throw new InvalidOperationException($"{Method} yields no keys"),
    };

    public void Dispose()
    {
        _peer?.Dispose();
        _eap?.Dispose();
    }

    [GeneratedRegex("^E=([0-9]+) R=1 C=([0-9A-F]+) ")]
    private static partial Regex FailureWithRetry();

    /// <summary>Takes the further try that a Failure offers (RFC 2759 §6), if there is something to try.</summary>
    private bool TryAgain(byte identifier, string failure)
    {
        if (FailureWithRetry().Match(failure) is not { Success: true } match)
            return false;
        byte[] challenge = Convert.FromHexString(match.Groups[2].Value);
        identifier++;
        switch (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
        {
            case 648 when settings.NewPassword is { } next:
                _change = new PasswordChange(settings.User, _password, next, challenge, identifier);
                _packets.Enqueue(_change.Packet);
                return true;
            case 691 when _passwords.Count > 0:
                UseNextPassword();
                _peer!.Receive(PppWire.Packet(1, identifier, [(byte)challenge.Length, .. challenge]));
                Drain();
                return true;
            default:
                return false;
        }
    }

    private void UseNextPassword()
    {
        _peer?.Dispose();
        _peer = null;
        _eap?.Dispose();
        _eap = null;
        _password = _passwords.Dequeue();
        if (Method == AuthenticationMethod.Eap)
        {
            _eap = new EapCaller(settings, _password);
            return;
        }

        _peer = Method switch
        {
            AuthenticationMethod.MsChapV2 => MsChapV2Peer.FromPassword(settings.User, _password, CallerRandom.Instance),
            AuthenticationMethod.MsChapV1 => MsChapV1Peer.FromPassword(settings.User, _password),
            AuthenticationMethod.ChapMd5 => new ChapMd5Peer(settings.User, Encoding.UTF8.GetBytes(_password)),
            _ => new PapPeer(settings.User, Encoding.UTF8.GetBytes(_password)),
        };
    }

    private void Drain()
    {
        while (_peer is { } peer && peer.TryTake(out AuthenticationEvent? happened))
        {
            switch (happened)
            {
                case AuthenticationEvent.Send send:
                    _packets.Enqueue(send.Packet);
                    break;
                case AuthenticationEvent.Succeeded:
                    HasSucceeded = true;
                    break;
                case AuthenticationEvent.Failed failed:
                    Failure = failed.Detail;
                    break;
            }
        }
    }
}
