using System.Buffers.Binary;
using System.Net;
using Pptp.Protocol.Mppe;

namespace Pptp.Testing.Calling;

/// <summary>Takes an IP packet that came out of a tunnel. Called on the host's one thread.</summary>
public delegate void PacketHandler(ReadOnlySpan<byte> packet);

/// <summary>One call: its GRE, and a PPP that agrees to everything.</summary>
public sealed partial class ScriptedCall
{
    private readonly ScriptedCaller _caller;
    private readonly CallerHost _host;
    private readonly Lock _gate = new();
    private readonly Changes _changes = new();
    private readonly List<ReceivedFrame> _frames = [];
    private readonly Queue<byte[]> _early = new();
    private Impairment? _impairment;
    private uint _nextSequence;
    private uint? _highest;
    private bool _owesAcknowledgement;
    private bool _mute;
    private string? _ended;

    internal ScriptedCall(ScriptedCaller caller, CallSettings settings)
    {
        _caller = caller;
        _host = caller.Host;
        Settings = settings;
        _login = new CallLogin(settings);
        _fragments = new FragmentWire(settings.ShortNumbers);
        _lcp = new Negotiation(PppWire.Lcp, LinkOptions(settings), settings.Demands is not null);
        _ccp = new Negotiation(PppWire.Ccp, [(MppeOption, MppeBitsOf(settings))], settings.InsistsOnForm);
        _ipcp = new Negotiation(PppWire.Ipcp, NetworkOptions(settings));
        _ipv6cp = new Negotiation(PppWire.Ipv6cp, [(IdentifierOption, OctetsOf(settings.InterfaceIdentifier))]);
        CallId = _host.Register(this);
    }

    /// <summary>An IP packet came from the server, decrypted.</summary>
    public event PacketHandler? PacketReceived;

    public CallSettings Settings { get; }

    public ScriptedCaller Caller => _caller;

    /// <summary>Our id.</summary>
    public ushort CallId { get; }

    /// <summary>The server's id; null before its reply.</summary>
    public ushort? PeerCallId { get; private set; }

    public CallPhase Phase { get; private set; }

    /// <summary>The address the server gave us.</summary>
    public IPAddress Address { get; private set; } = IPAddress.Any;

    /// <summary>The server's address in the tunnel.</summary>
    public IPAddress PeerAddress { get; private set; } = IPAddress.Any;

    /// <summary>The MRU the server asked for; null: it named none.</summary>
    public ushort? PeerMru { get; private set; }

    /// <summary>The MRRU the server asked for; null: it named none.</summary>
    public ushort? PeerMrru { get; private set; }

    /// <summary>Multilink fragments from the server.</summary>
    public int FragmentsReceived => _fragments.Received;

    /// <summary>Those that did not have the next number.</summary>
    public int FragmentsOutOfSequence => _fragments.OutOfSequence;

    /// <summary>The information field of the longest of them, in octets.</summary>
    public int LongestFragment => _fragments.Longest;

    /// <summary>Why the call is over; null: it is not.</summary>
    public string? Ended => Volatile.Read(ref _ended);

    /// <summary>The server sent an LCP Terminate-Request.</summary>
    public bool WasTerminated { get; private set; }

    /// <summary>The server sent a Call-Disconnect-Notify.</summary>
    public bool IsDisconnected => DisconnectResult is not null;

    /// <summary>Its result code.</summary>
    public byte? DisconnectResult { get; private set; }

    /// <summary>Packets the server encrypted so that we could not decrypt them.</summary>
    public int Undecipherable { get; private set; }

    /// <summary>CCP Reset-Requests of ours, after packets of stateful MPPE were lost on their way to us.</summary>
    public int ResetsAsked { get; private set; }

    /// <summary>CCP Reset-Requests of the server.</summary>
    public int ResetsRequested { get; private set; }

    /// <summary>Of the server's encrypted packets one in so many is lost; 0: none.</summary>
    public int LosesOneIn { get; set; }

    /// <summary>What happens to our packets on their way. Taking it away lets go what it held.</summary>
    public Impairment? Impairment
    {
        get
        {
            lock (_gate)
                return _impairment;
        }

        set
        {
            lock (_gate)
            {
                _impairment?.Flush(Transmit);
                _impairment = value;
            }
        }
    }

    /// <summary>All frames from the server that carry no IP, oldest first.</summary>
    public IReadOnlyList<ReceivedFrame> Frames
    {
        get
        {
            lock (_gate)
                return [.. _frames];
        }
    }

    /// <summary>Waits until the call has come to a phase, or further.</summary>
    /// <exception cref="CallEndedException">It ended before.</exception>
    /// <exception cref="TimeoutException">It did not come so far in time.</exception>
    public Task WaitForAsync(CallPhase phase, TimeSpan? timeout = null) =>
        WaitAsync(
            () => Phase >= phase
                || ((AuthenticationFailure ?? Ended) is { } why
                    ? throw new CallEndedException($"{why}; {Describe()}")
                    : false),
            phase.ToString(),
            timeout);

    /// <summary>Waits until the server has said that the call is over, or its connection is.</summary>
    public Task WaitForEndAsync(TimeSpan? timeout = null) => WaitAsync(() => Ended is not null, "the end", timeout);

    /// <summary>Waits for frames among those that carry no IP; ones that came before count.</summary>
    public Task WaitForFramesAsync(Func<ReceivedFrame, bool> accepts, int count = 1, TimeSpan? timeout = null) =>
        WaitAsync(() => Frames.Count(accepts) >= count, $"{count} frames", timeout);

    /// <summary>Falls silent: answers nothing, but still records frames; what is sent by hand still leaves.</summary>
    public void Mute()
    {
        lock (_gate)
            _mute = true;
    }

    /// <summary>Sends an LCP Terminate-Request. What the server does then is to be waited for.</summary>
    public void Terminate() => SendFrame(PppWire.Lcp, PppWire.Packet(PppWire.TerminateRequest, 0x77, "bye"u8));

    /// <summary>Sends an IP packet, encrypted where MPPE is up.</summary>
    public void SendPacket(ReadOnlySpan<byte> ip)
    {
        lock (_gate)
        {
            // Nothing is left to encrypt with, and nobody to read it.
            if (_ended is not null)
                return;
            if (_encryptor is not { } encryptor)
            {
                SendNetwork(PppWire.Frame(ProtocolOf(ip), ip));
                return;
            }

            byte[] plain = [0x00, (byte)ProtocolOf(ip), .. ip];
            byte[] frame = new byte[4 + MppeEncryptor.Overhead + plain.Length];
            (frame[0], frame[1], frame[2], frame[3]) = (0xFF, 0x03, 0x00, 0xFD);
            encryptor.Encrypt(plain, frame.AsSpan(4));
            SendNetwork(frame);
        }
    }

    /// <summary>Sends a PPP frame of any kind.</summary>
    public void SendFrame(ushort protocol, ReadOnlySpan<byte> information) =>
        SendPayload(PppWire.Frame(protocol, information));

    /// <summary>Sends any octets as the payload of the next GRE packet.</summary>
    public void SendPayload(ReadOnlySpan<byte> payload)
    {
        lock (_gate)
            SendGre(payload);
    }

    /// <summary>A GRE packet of this call with a sequence number of the caller's choice, not sent.</summary>
    public byte[] ForgeGre(uint sequence, ReadOnlySpan<byte> payload) =>
        WriteGre(PeerCallId ?? 0, payload, sequence, null);

    /// <summary>The sequence number of the next packet.</summary>
    public uint NextSequence
    {
        get
        {
            lock (_gate)
                return _nextSequence;
        }
    }

    internal void OnAccepted(ushort peerCallId)
    {
        lock (_gate)
        {
            PeerCallId = peerCallId;
            Reach(CallPhase.Dialled);
            if (!_mute)
                Send(_lcp, _lcp.Request());
            while (_early.TryDequeue(out byte[]? frame))
                TakeFrame(frame);
        }

        _changes.Announce();
    }

    internal void OnDisconnected(byte result)
    {
        DisconnectResult = result;
        End($"Call-Disconnect-Notify with result {result}");
    }

    internal void OnCleared() => End("Call-Clear-Request");

    internal void OnConnectionClosed(string why) => End($"the control connection was {why}");

    /// <summary>Takes a GRE packet of this call, on the host's thread.</summary>
    internal void Receive(ReadOnlySpan<byte> gre)
    {
        bool hasSequence = (gre[0] & 0x10) != 0;
        bool hasAcknowledgement = (gre[1] & 0x80) != 0;
        int header = 8 + (hasSequence ? 4 : 0) + (hasAcknowledgement ? 4 : 0);
        int length = BinaryPrimitives.ReadUInt16BigEndian(gre[4..]);
        if (!hasSequence || gre.Length < header + length)
            return;
        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(gre[8..]);
        byte[] frame = gre.Slice(header, length).ToArray();
        byte[]? packet;
        lock (_gate)
        {
            // No buffer: a packet that is not newer than the last is dropped (RFC 2637 §4.3).
            if (_highest is { } highest && (int)(sequence - highest) <= 0)
                return;
            _highest = sequence;
            _owesAcknowledgement = true;
            if (PeerCallId is null)
            {
                _early.Enqueue(frame);
                return;
            }

            packet = TakeFrame(frame);
        }

        if (packet is not null)
            PacketReceived?.Invoke(packet);
        _changes.Announce();
    }

    /// <summary>Says again what got no answer. On the host's thread, a few times a second.</summary>
    internal void Tick()
    {
        lock (_gate)
        {
            if (_mute || Ended is not null || PeerCallId is not { } peer)
                return;
            if ((Phase < CallPhase.Up || (Settings.Ipv6 && !IsIpv6Up)) && _host.Now - _lastRequest > RepeatAfter)
            {
                if (Phase == CallPhase.LinkUp || Phase == CallPhase.Responded)
                    SpeakUp();
                foreach (Negotiation negotiation in (ReadOnlySpan<Negotiation>)[_lcp, _ccp, _ipcp, _ipv6cp])
                {
                    if (negotiation.HasStarted && !negotiation.IsAccepted)
                        Send(negotiation, negotiation.Repeat());
                }
            }

            if (_owesAcknowledgement)
            {
                _owesAcknowledgement = false;
                _host.SendGre(WriteGre(peer, default, null, _highest));
            }
        }
    }

    /// <summary>Sends a frame, in fragments where the caller sends so.</summary>
    private void SendNetwork(byte[] frame)
    {
        if (Settings.FragmentSize is not { } size || _lcp.Protocol == BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(2)))
        {
            SendGre(frame);
            return;
        }

        foreach (byte[] fragment in _fragments.Cut(frame[2..], size))
            SendGre(fragment);
    }

    private void SendGre(ReadOnlySpan<byte> payload)
    {
        byte[] packet = WriteGre(PeerCallId ?? 0, payload, _nextSequence++, _owesAcknowledgement ? _highest : null);
        _owesAcknowledgement = false;
        if (_impairment is { } impairment)
            impairment.Pass(packet, Transmit);
        else
            Transmit(packet);
    }

    private void Transmit(byte[] packet) => _host.SendGre(packet);

    // RFC 2637 §4.1.
    private static byte[] WriteGre(ushort callId, ReadOnlySpan<byte> payload, uint? sequence, uint? acknowledgement)
    {
        int header = 8 + (sequence is null ? 0 : 4) + (acknowledgement is null ? 0 : 4);
        byte[] packet = new byte[header + payload.Length];
        packet[0] = (byte)(0x20 | (sequence is null ? 0 : 0x10));
        packet[1] = (byte)(0x01 | (acknowledgement is null ? 0 : 0x80));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), 0x880B);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)payload.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), callId);
        if (sequence is { } s)
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), s);
        if (acknowledgement is { } a)
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(header - 4), a);
        payload.CopyTo(packet.AsSpan(header));
        return packet;
    }

    private void End(string why)
    {
        lock (_gate)
        {
            if (_ended is not null)
                return;
            _ended = why;
            _encryptor?.Dispose();
            _decryptor?.Dispose();
            _login.Dispose();
        }

        _host.Unregister(this);
        _changes.Announce();
    }

    private void Reach(CallPhase phase)
    {
        if (phase > Phase)
            Phase = phase;
        if (Settings.MuteAfter is { } last && Phase >= last)
            _mute = true;
    }

    private Task WaitAsync(Func<bool> isSo, string what, TimeSpan? timeout) => _changes.WaitAsync(
        isSo, timeout ?? Limits.Step, () => $"call {CallId} of {Settings.User} did not come to {what}; {Describe()}");

    private string Describe() =>
        $"at {Phase}, {Ended ?? "not ended"}; frames: "
        + string.Join(' ', Frames.TakeLast(20).Select(frame => $"{frame.Protocol:x4}/{frame.Code}"))
        + (_host.Failure is { } failure ? $"; the host has failed: {failure}" : "");
}
