using System.Buffers.Binary;
using System.Net;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Testing.Calling;

public sealed partial class ScriptedCall
{
    private const byte MruOption = 1;
    private const byte AuthenticationOption = 3;
    private const byte MagicOption = 5;
    private const byte MrruOption = 17;
    private const byte ShortNumbersOption = 18;
    private const byte EndpointOption = 19;
    private const byte AddressOption = 3;
    private const byte MppeOption = 18;

    /// <summary>Primary DNS, primary NBNS, secondary DNS, secondary NBNS (RFC 1877 §1).</summary>
    private static readonly byte[] ServerOptions = [129, 130, 131, 132];

    /// <summary>A request that brought no answer is made again after this time.</summary>
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(1);

    private readonly CallLogin _login;
    private readonly Negotiation _lcp;
    private readonly Negotiation _ccp;
    private readonly Negotiation _ipcp;
    private readonly FragmentWire _fragments;
    private MppeEncryptor? _encryptor;
    private MppeDecryptor? _decryptor;
    private TimeSpan _lastRequest;
    private bool _isInClear;
    private byte _resetIdentifier;
    private int _encryptedReceived;

    /// <summary>RFC 3078 §2.1: H, and one of M, S and L.</summary>
    private static byte[] MppeBitsOf(CallSettings settings) =>
    [
        settings.Stateless ? (byte)0x01 : (byte)0x00, 0x00, 0x00,
        settings.Strength switch
        {
            MppeStrength.Bits56 => 0x80,
            MppeStrength.Bits128 => 0x40,
            _ => 0x20,
        },
    ];

    private static List<(byte Type, byte[] Data)> LinkOptions(CallSettings settings)
    {
        byte[] magic = new byte[4];
        CallerRandom.Instance.Fill(magic);
        List<(byte, byte[])> options = [(MagicOption, magic)];
        if (settings.Mru is { } mru)
            options.Insert(0, (MruOption, [(byte)(mru >> 8), (byte)mru]));
        if (settings.Mrru is { } mrru)
            options.AddRange([(MrruOption, [(byte)(mrru >> 8), (byte)mrru]), (EndpointOption, [1, .. magic])]);
        if (settings.ShortNumbers)
            options.Add((ShortNumbersOption, []));
        if (settings.Demands is { } method)
            options.Add((AuthenticationOption, CallLogin.OptionOf(method)));
        return options;
    }

    private static List<(byte Type, byte[] Data)> NetworkOptions(CallSettings settings)
    {
        List<(byte, byte[])> options = [(AddressOption, new byte[4])];
        if (settings.AskForServers)
            options.AddRange(ServerOptions.Select(type => (type, new byte[4])));
        return options;
    }

    /// <summary>Takes a PPP frame. Returns the IP packet in it, if it is one.</summary>
    private byte[]? TakeFrame(ReadOnlySpan<byte> frame)
    {
        if (!PppWire.TryReadFrame(frame, out ushort protocol, out ReadOnlySpan<byte> information))
            return null;
        if (protocol is PppWire.Ip or PppWire.Ipv6 or PppWire.Compressed)
            return _mute || Ended is not null ? null : TakeData(protocol, information);
        if (protocol == PppWire.Multilink && Settings.Mrru is not null)
            return _fragments.Join(information) is { } whole ? TakeFrame(whole) : null;
        _frames.Add(new ReceivedFrame(_host.Now, protocol, information.ToArray()));
        if (_mute || Ended is not null || information.Length < 4)
            return null;
        // Octets after the packet's own length are padding.
        int length = BinaryPrimitives.ReadUInt16BigEndian(information[2..]);
        information = information[..Math.Clamp(length, 4, information.Length)];
        switch (protocol)
        {
            case PppWire.Lcp:
                TakeLcp(information);
                break;
            case PppWire.Chap or PppWire.Pap or PppWire.Eap when protocol == _login.Protocol:
                _login.Receive(information);
                DrainLogin();
                break;
            case PppWire.Ccp when Settings.Encrypt:
                TakeCcp(information);
                break;
            case PppWire.Ccp when information[0] == PppWire.ConfigureRequest:
                SendNetwork(PppWire.Frame(
                    PppWire.Ccp, PppWire.Packet(PppWire.ConfigureReject, information[1], information[4..])));
                break;
            case PppWire.Ipcp:
                Negotiate(_ipcp, information);
                break;
            case PppWire.Ipv6cp when Settings.Ipv6:
                Negotiate(_ipv6cp, information);
                break;
        }

        Progress();
        return null;
    }

    private byte[]? TakeData(ushort protocol, ReadOnlySpan<byte> information)
    {
        if (_decryptor is not { } decryptor)
            return protocol == PppWire.Compressed ? null : information.ToArray();
        if (LosesOneIn > 0 && ++_encryptedReceived % LosesOneIn == 0)
            return null;
        byte[] plain = new byte[Math.Max(information.Length, 2)];
        if (protocol != PppWire.Compressed)
        {
            Undecipherable++;
            return null;
        }

        MppeDecryptResult result = decryptor.Decrypt(information, plain, out int length, now: _host.Now);
        if (result == MppeDecryptResult.Lost)
        {
            ResetsAsked++;
            SendNetwork(PppWire.Frame(
                PppWire.Ccp, PppWire.Packet(PppWire.ResetRequest, ++_resetIdentifier, default)));
        }

        if (result is MppeDecryptResult.Lost or MppeDecryptResult.AwaitingReset)
            return null;
        if (result == MppeDecryptResult.Ok
            && PppWire.TryReadFrame(plain.AsSpan(0, length), out protocol, out ReadOnlySpan<byte> packet)
            && protocol is PppWire.Ip or PppWire.Ipv6)
        {
            return packet.ToArray();
        }

        Undecipherable++;
        return null;
    }

    private void TakeLcp(ReadOnlySpan<byte> packet)
    {
        switch (packet[0])
        {
            case PppWire.TerminateRequest:
                WasTerminated = true;
                SendGre(PppWire.Frame(PppWire.Lcp, PppWire.Packet(PppWire.TerminateAck, packet[1], default)));
                break;
            case PppWire.EchoRequest when Settings.AnswerEchoes && packet.Length <= Settings.LongestEcho:
                // RFC 1661 §5.8: our magic number, zero without one, and what came after the server's.
                byte[] magic = _lcp.Options.FirstOrDefault(option => option.Type == MagicOption).Data ?? new byte[4];
                byte[] reply = [.. magic, .. packet[Math.Min(8, packet.Length)..]];
                SendGre(PppWire.Frame(PppWire.Lcp, PppWire.Packet(PppWire.EchoReply, packet[1], reply)));
                break;
            case PppWire.ProtocolReject when packet.Length >= 6
                && BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) == PppWire.Ccp:
                _isInClear = Settings.MayGoInClear;
                break;
            default:
                Negotiate(_lcp, packet);
                break;
        }
    }

    private void TakeCcp(ReadOnlySpan<byte> packet)
    {
        switch (packet[0])
        {
            case PppWire.ResetRequest:
                ResetsRequested++;
                _encryptor?.Reset();
                SendNetwork(PppWire.Frame(PppWire.Ccp, PppWire.Packet(PppWire.ResetAck, packet[1], default)));
                break;
            case PppWire.TerminateRequest:
                _isInClear = Settings.MayGoInClear;
                SendNetwork(PppWire.Frame(PppWire.Ccp, PppWire.Packet(PppWire.TerminateAck, packet[1], default)));
                break;
            default:
                Negotiate(_ccp, packet);
                break;
        }
    }

    private bool HasAnotherForm(ReadOnlySpan<byte> request) =>
        Settings.InsistsOnForm && PppWire.ReadOptions(request[4..]).Exists(
            option => option.Type == MppeOption && !option.Data.AsSpan().SequenceEqual(MppeBitsOf(Settings)));

    private void Negotiate(Negotiation negotiation, ReadOnlySpan<byte> packet)
    {
        switch (packet[0])
        {
            case PppWire.ConfigureRequest when negotiation == _lcp && Objection(packet) is { } objection:
                SendGre(PppWire.Frame(PppWire.Lcp, objection));
                break;
            case PppWire.ConfigureRequest when negotiation == _ccp && HasAnotherForm(packet):
                SendNetwork(PppWire.Frame(
                    PppWire.Ccp,
                    PppWire.Packet(
                        PppWire.ConfigureNak, packet[1], PppWire.WriteOptions([(MppeOption, MppeBitsOf(Settings))]))));
                break;
            case PppWire.ConfigureRequest:
                Learn(negotiation, packet);
                negotiation.HasAgreed = true;
                SendNetwork(PppWire.Frame(
                    negotiation.Protocol, PppWire.Packet(PppWire.ConfigureAck, packet[1], packet[4..])));
                break;
            case PppWire.ConfigureAck or PppWire.ConfigureNak or PppWire.ConfigureReject:
                if (negotiation.Answered(packet) is { } next)
                    Send(negotiation, next);
                break;
        }
    }

    private void Learn(Negotiation negotiation, ReadOnlySpan<byte> request)
    {
        foreach ((byte type, byte[] data) in PppWire.ReadOptions(request[4..]))
        {
            if (negotiation == _lcp && type == MruOption && data.Length == 2)
                PeerMru = BinaryPrimitives.ReadUInt16BigEndian(data);
            else if (negotiation == _lcp && type == MrruOption && data.Length == 2)
                PeerMrru = BinaryPrimitives.ReadUInt16BigEndian(data);
            else if (negotiation == _ipcp && type == AddressOption && data.Length == 4)
                PeerAddress = new IPAddress(data);
            else if (negotiation == _ipv6cp && type == IdentifierOption && data.Length == 8)
                PeerIdentifier = BinaryPrimitives.ReadUInt64BigEndian(data);
        }
    }

    /// <summary>The Nak or Reject of a login method the caller does not take; null: it takes it.</summary>
    private byte[]? Objection(ReadOnlySpan<byte> request)
    {
        (byte type, byte[]? asked) =
            PppWire.ReadOptions(request[4..]).Find(option => option.Type == AuthenticationOption);
        if (asked is null || _login.Agree(asked))
            return null;
        return Settings.Methods.Count == 0
            ? PppWire.Packet(PppWire.ConfigureReject, request[1], PppWire.WriteOptions([(type, asked)]))
            : PppWire.Packet(
                PppWire.ConfigureNak,
                request[1],
                PppWire.WriteOptions([(type, CallLogin.OptionOf(Settings.Methods[0]))]));
    }

    private void SpeakUp()
    {
        _lastRequest = _host.Now;
        _login.Speak();
        DrainLogin();
    }

    private void DrainLogin()
    {
        while (_login.TryTake(out byte[] packet))
        {
            if (_mute)
                continue;
            SendGre(PppWire.Frame(_login.Protocol, packet));
            Reach(CallPhase.Responded);
        }
        if (_login.HasSucceeded)
            Reach(CallPhase.Authenticated);
        AuthenticationFailure = _login.Failure;
    }

    /// <summary>Goes on to the next phase when this one is done.</summary>
    private void Progress()
    {
        if (_lcp.IsOpen && Phase < CallPhase.LinkUp)
        {
            Reach(CallPhase.LinkUp);
            if (!_mute)
                SpeakUp();
        }
        if (Phase < CallPhase.Authenticated || _mute)
            return;
        if (Settings.Encrypt && !_isInClear)
        {
            if (!_ccp.HasStarted)
                Send(_ccp, _ccp.Request());
            if (!_ccp.IsOpen)
                return;
            if (_encryptor is null)
            {
                using MppeStartKeys keys = _login.DeriveKeys();
                byte[] bits = _ccp.Options.Single(option => option.Type == MppeOption).Data;
                MppeStrength strength = bits[3] switch
                {
                    0x80 => MppeStrength.Bits56,
                    0x40 => MppeStrength.Bits128,
                    _ => MppeStrength.Bits40,
                };
                _encryptor = new MppeEncryptor(keys.SendFor(strength), strength, bits[0] == 1);
                _decryptor = new MppeDecryptor(keys.ReceiveFor(strength), strength, bits[0] == 1);
                Reach(CallPhase.Encrypted);
            }
        }

        if (_mute)
            return;
        if (Settings.Ipv6 && !_ipv6cp.HasStarted)
            Send(_ipv6cp, _ipv6cp.Request());
        if (!_ipcp.HasStarted)
            Send(_ipcp, _ipcp.Request());
        if (!_ipcp.IsOpen || Phase == CallPhase.Up)
            return;
        Address = new IPAddress(_ipcp.Options.Single(option => option.Type == AddressOption).Data);
        Reach(CallPhase.Up);
    }

    /// <summary>The name servers the server has named, by the number of RFC 1877's option.</summary>
    public IReadOnlyDictionary<byte, string> NameServers
    {
        get
        {
            lock (_gate)
            {
                return _ipcp.Options
                    .Where(option => ServerOptions.Contains(option.Type))
                    .ToDictionary(option => option.Type, option => new IPAddress(option.Data).ToString());
            }
        }
    }

    /// <summary>The login method LCP settled; null: none yet.</summary>
    public AuthenticationMethod? LoginMethod => _login.Method;

    /// <summary>Rounds of EAP so far.</summary>
    public int EapRounds => _login.EapRounds;

    /// <summary>What the server's Failure said; null: there was none.</summary>
    public string? AuthenticationFailure { get; private set; }

    private void Send(Negotiation negotiation, byte[] packet)
    {
        _lastRequest = _host.Now;
        SendNetwork(PppWire.Frame(negotiation.Protocol, packet));
    }
}
